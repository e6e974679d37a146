package io.portcullis.cli.operation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.core.neighbour.LinkEntries;
import io.portcullis.core.neighbour.Neighbour;
import io.portcullis.core.net.AddressSet;
import io.portcullis.core.net.IpAddress;
import io.portcullis.core.net.IpNetwork;
import io.portcullis.core.net.MacAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class ArpCommandTest {
    private final List<String> flushed = new ArrayList<>();

    private ArpCommand.Link link(String name, CompletableFuture<List<Neighbour>> neighbours) {
        return new ArpCommand.Link() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public CompletableFuture<List<Neighbour>> list() {
                return neighbours;
            }

            @Override
            public CompletableFuture<LinkEntries> entries() {
                AddressSet addresses = AddressSet.of(IpNetwork.literal("10.0.1.0/30"));
                return CompletableFuture.completedFuture(new LinkEntries(
                        Map.of(),
                        name.equals("wan")
                                ? List.of(new LinkEntries.Publication(addresses, Optional.empty(), false))
                                : List.of(),
                        AddressSet.EMPTY));
            }

            @Override
            public CompletableFuture<Void> flush() {
                flushed.add(name);
                return CompletableFuture.completedFuture(null);
            }
        };
    }

    private ArpCommand arp(List<Neighbour> onLan) {
        List<ArpCommand.Link> links = List.of(
                link("lan", CompletableFuture.completedFuture(onLan)),
                link("wan", CompletableFuture.completedFuture(List.of(neighbour(9, Neighbour.State.STALE)))));
        return new ArpCommand(() -> links);
    }

    private static Neighbour neighbour(int host, Neighbour.State state) {
        return new Neighbour(IpAddress.v4(0x0a00_0000 + host), new MacAddress(0x0200_0000_0000L + host), state, 61);
    }

    @Test
    void neighboursAreListedByInterface() {
        String text = Typed.run(
                arp(List.of(neighbour(1, Neighbour.State.REACHABLE), neighbour(2, Neighbour.State.INCOMPLETE))), "arp");
        String mac = new MacAddress(0x0200_0000_0001L).toString();
        assertEquals("lan 10.0.0.1 " + mac + " reachable 1m 1s", Typed.line(text, "10.0.0.1"));
        assertEquals("lan 10.0.0.2 incomplete 1m 1s", Typed.line(text, "10.0.0.2"));
        assertTrue(Typed.line(text, "10.0.0.9").startsWith("wan "));
    }

    @Test
    void publishedAddressesAreListed() {
        assertEquals("wan 10.0.1.0/30 own publish", Typed.line(Typed.run(arp(List.of()), "arp"), "10.0.1.0"));
        assertTrue(Typed.run(arp(List.of()), "arp -ip=10.0.1.2").contains("publish"));
    }

    @Test
    void oneNeighbourIsFound() {
        String text = Typed.run(arp(List.of(neighbour(1, Neighbour.State.REACHABLE))), "arp -ip=10.0.0.9");
        assertTrue(text.contains("10.0.0.9") && !text.contains("10.0.0.1 "), text);
        assertEquals("10.0.0.7 is not known on any link.\n", Typed.run(arp(List.of()), "arp -ip=10.0.0.7"));
    }

    @Test
    void allLinksForgetTheirNeighbours() {
        Typed.run(arp(List.of()), "arp -flush");
        assertEquals(List.of("lan", "wan"), flushed);
        assertTrue(Typed.failure(arp(List.of()), "arp -flush -ip=10.0.0.1").contains("takes no -ip"));
    }

    @Test
    void emptyLongAndBusyAreSaid() {
        assertEquals("No neighbours.\n", Typed.run(new ArpCommand(List::of), "arp"));
        List<Neighbour> many = IntStream.range(0, 4096)
                .mapToObj(i -> neighbour(i, Neighbour.State.STALE))
                .toList();
        String text = Typed.run(arp(many), "arp -num=3");
        assertTrue(text.contains("(4095 more: -num=all shows all)"), text);
        ArpCommand.Link busy = link("lan", CompletableFuture.failedFuture(new IllegalStateException()));
        assertTrue(Typed.failure(new ArpCommand(() -> List.of(busy)), "arp").contains("worker of lan is too busy"));
    }
}
