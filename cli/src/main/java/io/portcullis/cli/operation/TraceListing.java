package io.portcullis.cli.operation;

import io.portcullis.core.packet.DropReason;
import io.portcullis.core.trace.TraceReport;
import io.portcullis.core.trace.TraceStep;
import io.portcullis.ipsec.ike.Prospect;
import io.portcullis.ipsec.ike.v2.Endpoints;
import io.portcullis.ipsec.tunnel.TunnelDefinition;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** A trace for people: a line for each step, at most 100 columns wide, and the verdict last. */
final class TraceListing {
    private static final int WIDTH = 100;
    /** How many proposals are named. */
    private static final int PROPOSALS = 5;

    private static final int STAGE = 13;

    private TraceListing() {}

    /** The steps. */
    static String steps(TraceReport report, Optional<Prospect> negotiation) {
        List<TraceStep> steps = new ArrayList<>(report.steps());
        int depth = steps.isEmpty() ? 0 : steps.getLast().depth();
        negotiation.ifPresent(
                prospect -> lines(prospect).forEach(text -> steps.add(new TraceStep(depth, "Negotiation", text))));
        StringBuilder out = new StringBuilder();
        String before = "";
        for (TraceStep step : steps) {
            String indent = "  ".repeat(step.depth() + 1);
            String key = step.depth() + step.stage();
            String stage = key.equals(before) ? "" : step.stage();
            before = key;
            String begin = indent + stage + " ".repeat(Math.max(1, STAGE - stage.length()));
            wrap(out, begin, " ".repeat(begin.length()), step.text());
        }
        return out.toString();
    }

    /** The last line. */
    static String verdict(TraceReport report) {
        String text = report.verdict();
        String help = report.why() == DropReason.NONE ? "" : " " + report.why().help();
        StringBuilder out = new StringBuilder();
        wrap(out, "", "  ", Character.toUpperCase(text.charAt(0)) + text.substring(1) + "." + help);
        return out.toString().stripTrailing();
    }

    private static void wrap(StringBuilder out, String begin, String hanging, String text) {
        StringBuilder line = new StringBuilder(begin);
        boolean isEmpty = true;
        for (String word : text.split(" ", -1)) {
            if (!isEmpty && line.length() + 1 + word.length() > WIDTH) {
                out.append(line).append('\n');
                line = new StringBuilder(hanging);
                isEmpty = true;
            }
            line.append(isEmpty ? "" : " ").append(word);
            isEmpty = false;
        }
        out.append(line).append('\n');
    }

    private static List<String> lines(Prospect prospect) {
        TunnelDefinition tunnel = prospect.tunnel();
        String to = prospect.path().map(TraceListing::ends).orElse("");
        String esp = "ESP proposals " + words(tunnel.espSuites());
        return switch (prospect.kind()) {
            case PAUSED -> List.of("an attempt has just failed: packets are dropped for some seconds");
            case UP -> List.of("the tunnel has an SA already, which is not for this packet: no other is asked for");
            case UNDER_WAY -> List.of("goes on already");
            case CHILD -> List.of("CREATE_CHILD_SA " + to + ", under the IKE SA that stands", esp);
            case INITIATE ->
                List.of(
                        "IKE_SA_INIT " + to,
                        "IKE proposals "
                                + words(tunnel.ikeSuites().stream()
                                        .map(suite -> suite.protection() + "/" + suite.prf())
                                        .toList())
                                + "; groups " + words(tunnel.dhGroups()),
                        esp);
            case FULL -> List.of("none: as many tunnels are open as MaxVPNTunnels allows");
            case ONLY_RESPONDS -> List.of("none: no RemoteEndpoint is one address, so the peer must begin");
            case NO_ADDRESS -> List.of("none: no own address leads to the peer");
        };
    }

    private static String ends(Endpoints path) {
        return path.local().withPort(path.localPort()) + " -> " + path.remote().withPort(path.remotePort());
    }

    /** The first of them, which are the preferred ones. */
    private static String words(List<?> all) {
        String first = all.stream().limit(PROPOSALS).map(String::valueOf).collect(Collectors.joining(", "));
        return all.size() <= PROPOSALS ? first : first + " and " + (all.size() - PROPOSALS) + " more";
    }
}
