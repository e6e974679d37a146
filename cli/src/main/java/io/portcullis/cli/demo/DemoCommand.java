package io.portcullis.cli.demo;

import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code portcullis demo}: see {@link Demo}. */
@Command(
        name = "demo",
        description = {
            "Runs two firewalls and two hosts in one process, on wires in memory.",
            "The firewalls negotiate a tunnel, pings and a TCP transfer pass through it, and the listings are shown."
                    + " Needs no root and changes nothing."
        },
        mixinStandardHelpOptions = true)
public final class DemoCommand implements Callable<Integer> {
    @Option(names = "--keep", description = "Leave it running, with both consoles reachable, until Ctrl-C.")
    private boolean keep;

    @Override
    @SuppressWarnings("ClosingStandardOutputStreams") // the demo is closed, not the stream that it prints to
    public Integer call() throws IOException, InterruptedException {
        try (Demo demo = Demo.start(System.out)) {
            boolean passed = demo.show();
            if (keep && passed) {
                demo.keep();
            }
            return passed ? 0 : 1;
        }
    }
}
