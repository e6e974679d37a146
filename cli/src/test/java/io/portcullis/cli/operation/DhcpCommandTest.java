package io.portcullis.cli.operation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.core.dhcp.DhcpState;
import io.portcullis.core.dhcp.DhcpView;
import io.portcullis.core.dhcp.LearnedRoute;
import io.portcullis.core.dhcp.Lease;
import io.portcullis.core.net.IpAddress;
import io.portcullis.core.net.IpNetwork;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class DhcpCommandTest {
    private static final Lease LEASE = new Lease(
            IpAddress.literal("192.0.2.50"),
            IpNetwork.literal("192.0.2.0/24"),
            IpAddress.literal("192.0.2.255"),
            Optional.of(IpAddress.literal("192.0.2.1")),
            List.of(IpAddress.literal("192.0.2.53"), IpAddress.literal("192.0.2.54")),
            Optional.of("example.net"),
            List.of(),
            List.of(new LearnedRoute(IpNetwork.literal("10.1.0.0/16"), IpAddress.literal("192.0.2.3"))),
            IpAddress.literal("192.0.2.2"),
            0x0200_5e00_0002L,
            3600,
            1800,
            3150);

    private final List<DhcpView> clients = new ArrayList<>();
    private final List<String> orders = new ArrayList<>();
    private final DhcpCommand command =
            new DhcpCommand(() -> clients, name -> orders.add("renew " + name), name -> orders.add("release " + name));

    private void twoClients() {
        clients.add(new DhcpView("wan", DhcpState.BOUND, Optional.of(LEASE), 3599, 1799));
        clients.add(new DhcpView("dsl", DhcpState.SELECTING, Optional.empty(), 0, 0));
    }

    @Test
    void listsTheClientsAndTheirLeases() {
        assertEquals("No interface has DHCPEnabled.\n", Typed.run(command, "dhcp"));
        twoClients();
        String listing = Typed.run(command, "dhcp");
        assertEquals("wan bound 192.0.2.50 192.0.2.0/24 192.0.2.1 192.0.2.2 59m 59s", Typed.line(listing, "wan"));
        assertEquals("dsl looks for a server", Typed.line(listing, "dsl"));
    }

    @Test
    void showsAllAboutOne() {
        twoClients();
        String shown = Typed.run(command, "dhcp -show wan");
        for (String part : List.of(
                "192.0.2.53, 192.0.2.54",
                "example.net",
                "10.1.0.0/16 by 192.0.2.3",
                "192.0.2.2 at 02:00:5e:00:00:02",
                "3600 s",
                "29m 59s")) {
            assertTrue(shown.contains(part), shown);
        }
        assertTrue(Typed.run(command, "dhcp dsl").contains("looks for a server"));
    }

    @Test
    void renewsAndReleasesTheOneThatIsNamed() {
        twoClients();
        assertEquals("wan asks for more time.\n", Typed.run(command, "dhcp -renew wan"));
        assertEquals("dsl asks for an address.\n", Typed.run(command, "dhcp -renew dsl"));
        assertEquals("192.0.2.50 was given back.\n", Typed.run(command, "dhcp -release wan"));
        assertEquals(List.of("renew wan", "renew dsl", "release wan"), orders);
    }

    @Test
    void refusesWhatMakesNoSense() {
        twoClients();
        for (String line : List.of("dhcp -renew", "dhcp -release", "dhcp -renew -release wan", "dhcp -show lan")) {
            String failure = Typed.failure(command, line);
            assertTrue(failure.contains("wan") || failure.contains("not both"), failure);
        }
        assertEquals(List.of(), orders);
    }
}
