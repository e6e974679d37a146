package io.portcullis.test.lab;

import java.util.regex.Pattern;

/**
 * A wire between two namespaces that loses, doubles, delays and reorders frames both ways: the queueing discipline
 * netem of a guest's kernel, since that of the machine itself is often built without.
 */
public final class BadWire implements AutoCloseable {
    private static final Pattern LOST = Pattern.compile("dropped ([0-9]+)");

    private final GuestKernel kernel;

    private BadWire(GuestKernel kernel) {
        this.kernel = kernel;
    }

    /**
     * Joins two namespaces; both ends are up at MTU 1500, without offloads.
     *
     * @param netem what the discipline does in each direction, as tc-netem(8) has it
     * @throws IllegalStateException when the discipline can not be had
     */
    public static BadWire between(
            Lab lab, Namespace left, String leftDevice, Namespace right, String rightDevice, String netem) {
        Namespace middle = lab.namespace("wire");
        lab.wire(left, leftDevice, middle, "left", false);
        lab.wire(middle, "right", right, rightDevice, false);
        String setup = GuestKernel.resource("guest-wire.sh").replace("@NETEM@", netem);
        BadWire wire =
                lab.own(new BadWire(GuestKernel.boot(middle, lab.folder(middle.name()), "left", "right", setup)));
        wire.disciplines();
        return wire;
    }

    /** Frames that were thrown away so far, both ways. */
    public long lost() {
        return LOST.matcher(disciplines())
                .results()
                .mapToLong(match -> Long.parseLong(match.group(1)))
                .sum();
    }

    private String disciplines() {
        String all = kernel.run("tc -s qdisc show dev vec0; tc -s qdisc show dev vec1")
                .output();
        if (Pattern.compile("qdisc netem").matcher(all).results().count() != 2) {
            throw new IllegalStateException("no netem on both devices:\n" + all);
        }
        return all;
    }

    @Override
    public void close() {
        kernel.close();
    }
}
