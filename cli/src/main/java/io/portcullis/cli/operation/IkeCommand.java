package io.portcullis.cli.operation;

import io.portcullis.cli.command.Command;
import io.portcullis.cli.command.CommandFailure;
import io.portcullis.cli.command.Invocation;
import io.portcullis.cli.command.Option;
import io.portcullis.cli.console.Session;
import io.portcullis.core.net.IpAddress;
import io.portcullis.ipsec.decision.AttemptRenderer;
import io.portcullis.ipsec.decision.AttemptRing;
import io.portcullis.ipsec.ike.v2.IkeSaView;
import io.portcullis.ipsec.snoop.Snoop;
import io.portcullis.ipsec.snoop.SnoopFilter;
import io.portcullis.ipsec.snoop.SnoopLevel;
import io.portcullis.ipsec.snoop.SnoopSubscription;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** {@code ike}: the IKE SAs; bringing tunnels up and down; watching negotiations, and why one came to nothing. */
public final class IkeCommand implements Command {
    private static final int ANSWER_SECONDS = 5;
    /** How soon a snoop notices that another session has ended it. */
    private static final Duration LOOK = Duration.ofMillis(500);

    private final IkeControl control;
    private final Snoop snoop;
    private final AttemptRing attempts;
    private final Words tunnels;
    private final ZoneId zone;

    /**
     * @param tunnels names of the tunnels of the active configuration
     * @param zone of the times that {@code -why} shows
     */
    public IkeCommand(IkeControl control, Snoop snoop, AttemptRing attempts, Words tunnels, ZoneId zone) {
        this.control = control;
        this.snoop = snoop;
        this.attempts = attempts;
        this.tunnels = tunnels;
        this.zone = zone;
    }

    @Override
    public String name() {
        return "ike";
    }

    @Override
    public String help() {
        return "Lists the IKE SAs, brings tunnels up and down, and shows what was negotiated and why.";
    }

    @Override
    public List<Option> options() {
        return List.of(
                Option.flag("show", "Lists the IKE SAs; the default."),
                Option.flag("stat", "Counts them."),
                Option.value("connect", "TUNNEL", "Brings a tunnel up.").offering(tunnels),
                Option.value("delete", "TUNNEL|IP|-all", "Deletes the SAs of a tunnel or with a peer, or all.")
                        .optional()
                        .offering(tunnels),
                Option.flag("all", "With -delete: all SAs."),
                Option.value("rekey", "TUNNEL", "New keys for the IKE SA of a tunnel, now.")
                        .offering(tunnels),
                Option.flag("ipsec", "With -rekey: for the IPsec SAs of the tunnel instead."),
                Option.value("snoop", "IP", "Shows negotiations, or those with one peer, until Ctrl-C.")
                        .optional(),
                Option.flag("off", "With -snoop: ends it, in all sessions."),
                Option.flag("match", "With -snoop: how tunnels and algorithms are chosen, too."),
                Option.flag("brief", "With -snoop: one line for each message."),
                Option.value("why", "TUNNEL", "The latest attempts; without a name those that fitted no tunnel.")
                        .optional()
                        .offering(tunnels),
                Option.flag("verbose", "All about each SA; each message in full, the default of -snoop."),
                Option.num());
    }

    @Override
    public void run(Invocation call, Session.Output output) throws CommandFailure, InterruptedException {
        if (call.has("snoop")) {
            snoop(call, output);
        } else if (call.has("why")) {
            output.out(why(call.value("why").orElse("")));
        } else if (call.has("connect")) {
            String tunnel = known(call.value("connect").orElse(""));
            control.connect(tunnel);
            output.out("Negotiation of " + tunnel + " begins; 'ike -why=" + tunnel + "' shows how it goes.\n");
        } else if (call.has("delete")) {
            delete(call, output);
        } else if (call.has("rekey")) {
            rekey(known(call.value("rekey").orElse("")), call.has("ipsec"), output);
        } else if (call.has("stat")) {
            output.out(IkeListing.statistics(list(), control.allowedTunnels(), control.ignored()));
        } else {
            show(call, output);
        }
    }

    private void show(Invocation call, Session.Output output) throws CommandFailure, InterruptedException {
        Rows<IkeSaView> rows = Rows.of(call, list());
        StringBuilder text = new StringBuilder("--- IKE SAs:\n");
        if (rows.shown().isEmpty()) {
            text.append("None.\n");
        } else if (call.has("verbose")) {
            rows.shown().forEach(view -> text.append('\n').append(IkeListing.details(view)));
        } else {
            text.append('\n').append(IkeListing.lines(rows.shown()));
        }
        output.out(text.append(rows.more()).toString());
    }

    private List<IkeSaView> list() throws CommandFailure, InterruptedException {
        try {
            return control.list().get(ANSWER_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException | ExecutionException _) {
            throw new CommandFailure("negotiation does not answer; memlog may say why");
        }
    }

    private void delete(Invocation call, Session.Output output) throws CommandFailure {
        String what = call.value("delete").orElse("");
        if (what.equals("-all") || (what.isEmpty() && call.has("all"))) {
            control.deleteAll();
            output.out("All SAs are being deleted.\n");
            return;
        }
        if (what.isEmpty()) {
            throw new CommandFailure("ike -delete needs a tunnel, the address of a peer, or -all");
        }
        Optional<IpAddress> peer = IpAddress.parse(what);
        if (peer.isPresent()) {
            control.delete(peer.get());
            output.out("The SAs with " + what + " are being deleted.\n");
        } else {
            control.delete(known(what));
            output.out("The SAs of " + what + " are being deleted.\n");
        }
    }

    private void rekey(String tunnel, boolean ipsec, Session.Output output) {
        if (ipsec) {
            control.rekeyChildren(tunnel);
        } else {
            control.rekeyIke(tunnel);
        }
        output.out("New keys for the " + (ipsec ? "IPsec" : "IKE") + " SAs of " + tunnel + " are being negotiated.\n");
    }

    private String why(String tunnel) throws CommandFailure {
        if (tunnel.isEmpty()) {
            return attempts.of("").isEmpty()
                    ? "No negotiation has failed to find its tunnel; 'ike -why=TUNNEL' shows those of a tunnel.\n"
                    : AttemptRenderer.render("", attempts.of(""), zone);
        }
        int strays = attempts.of("").size();
        String text = AttemptRenderer.render(known(tunnel), attempts.of(tunnel), zone);
        return strays == 0
                ? text
                : text + "(" + strays + (strays == 1 ? " attempt" : " attempts")
                        + " of peers fitted no tunnel: 'ike -why' shows why)\n";
    }

    private String known(String tunnel) throws CommandFailure {
        List<String> names = tunnels.now();
        if (!names.contains(tunnel)) {
            throw new CommandFailure("there is no tunnel '" + tunnel + "'; "
                    + (names.isEmpty() ? "none is configured" : "there are " + String.join(", ", names)));
        }
        return tunnel;
    }

    private void snoop(Invocation call, Session.Output output) throws CommandFailure, InterruptedException {
        if (call.has("off")) {
            int ended = snoop.stopAll();
            output.out(
                    ended == 0 ? "No session snoops.\n" : "Snooping is off; sessions that snooped: " + ended + ".\n");
            return;
        }
        if (call.has("brief") && call.has("verbose")) {
            throw new CommandFailure("ike -snoop is -brief or -verbose, not both");
        }
        Optional<IpAddress> peer = call.address("snoop");
        SnoopFilter filter =
                new SnoopFilter(peer, call.has("brief") ? SnoopLevel.BRIEF : SnoopLevel.VERBOSE, call.has("match"));
        Optional<SnoopSubscription> listening = snoop.subscribe(filter);
        if (listening.isEmpty()) {
            throw new CommandFailure("too many sessions snoop already; 'ike -snoop -off' ends them");
        }
        try (SnoopSubscription subscription = listening.get()) {
            output.out("Snooping on negotiations"
                    + peer.map(address -> " with " + address).orElse("")
                    + ". Ctrl-C ends it, or 'ike -snoop -off' in another session.\n");
            while (subscription.isOpen()) {
                subscription.next(LOOK).ifPresent(output::out);
            }
        }
        output.out("Snooping was turned off.\n");
    }
}
