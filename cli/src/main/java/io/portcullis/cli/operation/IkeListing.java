package io.portcullis.cli.operation;

import io.portcullis.cli.command.TextTable;
import io.portcullis.ipsec.ike.v2.ChildSaView;
import io.portcullis.ipsec.ike.v2.IkeSaView;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** IKE SAs as text: a line for each, all about each, or how many there are. */
final class IkeListing {
    private IkeListing() {}

    static String lines(List<IkeSaView> views) {
        TextTable table = new TextTable("Tunnel", "State", "Role", "Local GW", "Remote GW", "Age", "IPsec SAs");
        for (IkeSaView view : views) {
            table.row(
                    tunnel(view),
                    word(view.state()),
                    role(view),
                    view.path().local() + ":" + view.path().localPort(),
                    view.path().remote() + ":" + view.path().remotePort(),
                    Elapsed.of(view.ageSeconds()),
                    view.children().size());
        }
        return table.toString();
    }

    static String details(IkeSaView view) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("  State", word(view.state()) + ", " + role(view) + ", " + Elapsed.of(view.ageSeconds())));
        rows.add(List.of(
                "  Path",
                view.path().local() + ":" + view.path().localPort() + " <-> "
                        + view.path().remote() + ":" + view.path().remotePort()));
        rows.add(List.of("  NAT", nat(view)));
        rows.add(List.of("  Initiator cookie", spi(view.initiatorSpi())));
        rows.add(List.of("  Responder cookie", spi(view.responderSpi())));
        rows.add(List.of("  Local ID", orUnknown(view.localId())));
        rows.add(List.of("  Remote ID", orUnknown(view.remoteId())));
        rows.add(List.of(
                "  Algorithms",
                view.choice()
                        .map(choice -> choice.suite().protection() + ", "
                                + choice.suite().prf().wireName() + ", "
                                + choice.group().wireName())
                        .orElse("not agreed yet")));
        for (ChildSaView child : view.children()) {
            rows.add(List.of("  IPsec SA", child(child)));
        }
        return tunnel(view) + "\n" + TextTable.plain(rows);
    }

    /** Counts by state, and what was ignored. */
    static String statistics(List<IkeSaView> views, int allowed, long ignored) {
        Map<String, Long> states =
                views.stream().collect(Collectors.groupingBy(IkeSaView::state, TreeMap::new, Collectors.counting()));
        Map<String, Long> phases = views.stream()
                .flatMap(view -> view.children().stream())
                .collect(Collectors.groupingBy(ChildSaView::phase, TreeMap::new, Collectors.counting()));
        long begun = views.stream().filter(IkeSaView::initiator).count();
        List<List<String>> rows = new ArrayList<>();
        long open = views.stream()
                .filter(view -> view.state().equals("ESTABLISHED"))
                .map(view -> List.of(view.tunnel(), view.localId(), view.remoteId()))
                .distinct()
                .count();
        rows.add(List.of("Tunnels open", open + (allowed == 0 ? "" : " of " + allowed + " allowed")));
        rows.add(List.of("IKE SAs", views.size() + counts(states)));
        rows.add(List.of("  begun here", begun + ""));
        rows.add(List.of("  begun by peers", views.size() - begun + ""));
        rows.add(List.of(
                "IPsec SA pairs",
                phases.values().stream().mapToLong(Long::longValue).sum() + counts(phases)));
        rows.add(List.of("Inputs that changed nothing", ignored + ""));
        return TextTable.plain(rows);
    }

    private static String counts(Map<String, Long> by) {
        return by.isEmpty()
                ? ""
                : by.entrySet().stream()
                        .map(entry -> word(entry.getKey()) + " " + entry.getValue())
                        .collect(Collectors.joining(", ", " (", ")"));
    }

    private static String child(ChildSaView child) {
        String rekey = child.rekeySeconds() < 0 ? "" : ", rekey in " + Elapsed.of(child.rekeySeconds());
        return child.tunnel() + " " + joined(child.local()) + " <-> " + joined(child.remote()) + ", " + child.suite()
                + child.group().map(group -> ", PFS " + group.wireName()).orElse("") + ", " + word(child.phase()) + ", "
                + Elapsed.of(child.ageSeconds()) + rekey;
    }

    private static String nat(IkeSaView view) {
        if (view.natHere()) {
            return view.natThere() ? "before both sides" : "before this side";
        }
        return view.natThere() ? "before the peer" : "none";
    }

    private static String tunnel(IkeSaView view) {
        return view.tunnel().isEmpty() ? "(not known yet)" : view.tunnel();
    }

    private static String role(IkeSaView view) {
        return view.initiator() ? "initiator" : "responder";
    }

    private static String word(String state) {
        return state.toLowerCase(Locale.ROOT);
    }

    private static String orUnknown(String id) {
        return id.isEmpty() ? "not known yet" : id;
    }

    private static String joined(List<?> selectors) {
        return selectors.stream().map(Object::toString).collect(Collectors.joining(","));
    }

    private static String spi(long spi) {
        return String.format(Locale.ROOT, "0x%016x", spi);
    }
}
