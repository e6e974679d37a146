package io.portcullis.test.port;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.core.port.IoMethod;
import io.portcullis.test.Needs;
import io.portcullis.test.lab.Await;
import io.portcullis.test.lab.Command;
import io.portcullis.test.lab.DatagramStream;
import io.portcullis.test.lab.Firewall;
import io.portcullis.test.lab.Lab;
import io.portcullis.test.lab.Namespace;
import io.portcullis.test.lab.Need;
import io.portcullis.test.lab.Traffic;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What the firewall makes of devices that vanish, come back, change and overflow under traffic. */
@Needs({Need.ROOT, Need.NAMESPACES})
final class DeviceTest {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final String HOST = "10.1.0.2";
    private static final String SERVER = "10.2.0.2";
    private static final int OCTETS = 60 << 20;
    /** More than the deepest buffer of any method, 64 MB, has room for. */
    private static final int FLOOD = 250_000;

    private final Lab lab = Lab.open();
    private final Namespace host = lab.namespace("host");
    private final Namespace gateway = lab.namespace("gateway");
    private final Namespace server = lab.namespace("server");

    @AfterEach
    void closeLab() {
        lab.close();
    }

    private Firewall start(IoMethod method, boolean offload) {
        wireLan(offload);
        lab.wire(server, "eth0", gateway, "wan", offload);
        server.ip("addr add 10.2.0.2/24 dev eth0\nroute add default via 10.2.0.1");
        Firewall firewall = Firewall.start(lab, gateway, """
                add Interface Ethernet lan EthernetDevice=lan IP=10.1.0.1 Network=10.1.0.0/24 IOMethod=%1$s
                add Interface Ethernet wan EthernetDevice=wan IP=10.2.0.1 Network=10.2.0.0/24 IOMethod=%1$s
                add IPPolicy Name=out SourceInterface=lan SourceNetwork=lan_net DestinationInterface=wan \
                DestinationNetwork=wan_net Service=all_services Action=Allow
                add IPPolicy Name=in SourceInterface=wan SourceNetwork=wan_net DestinationInterface=lan \
                DestinationNetwork=lan_net Service=all_services Action=Allow
                """.formatted(method));
        assertTrue(Await.within(SOON, () -> Traffic.ping(host, SERVER, 1)));
        return firewall;
    }

    private void wireLan(boolean offload) {
        lab.wire(host, "eth0", gateway, "lan", offload);
        host.ip("addr add 10.1.0.2/24 dev eth0\nroute add default via 10.1.0.1");
    }

    private static void awaitEvent(Firewall firewall, String text) {
        assertTrue(
                Await.within(SOON, () -> firewall.command("memlog").output().contains(text)),
                () -> text + " is not in:\n" + firewall.command("memlog").output());
    }

    private static String listing(Firewall firewall, String options) {
        return firewall.command("ifstat" + options).output();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "AUTO | true | messages in batches of 64: the device has super-packets (TSO",
                "AUTO | false | AF_XDP, skb mode, copied frame by frame: the device has no super-packets",
                "SUPER_PACKETS | false | AF_PACKET, messages in batches of 64: configured",
                "RING | true | AF_PACKET, ring (TPACKET_V3), sends messages: configured",
                "XDP | true | AF_XDP, native mode, copied frame by frame: configured"
            })
    void theMethodThatWasTakenIsNamedWithItsReason(IoMethod method, boolean offload, String text) {
        Firewall firewall = start(method, offload);
        assertTrue(listing(firewall, " -verbose").contains(text), () -> listing(firewall, " -verbose"));
    }

    @ParameterizedTest
    @EnumSource(names = {"SUPER_PACKETS", "XDP", "RING"})
    void trafficGoesOnWhenADeviceThatVanishedUnderItIsBack(IoMethod method) throws Exception {
        Firewall firewall = start(method, false);
        DatagramStream stream = DatagramStream.start(server, host, HOST, 500, 2000);
        gateway.ip("link del lan");
        assertTrue(Await.within(SOON, () -> listing(firewall, "").contains("lan (gone)")), () -> listing(firewall, ""));
        assertTrue(
                Await.within(SOON, () -> firewall.command("stats").output().contains("interface_down")),
                () -> firewall.command("stats").output());
        assertTrue(listing(firewall, " lan").contains("(gone)"));
        awaitEvent(firewall, "state=gone");
        stream.close();

        wireLan(false);
        assertTrue(Await.within(SOON, () -> Traffic.ping(host, SERVER, 1)), firewall.command("memlog")::output);
        awaitEvent(firewall, "device_taken_again");
        assertTrue(listing(firewall, " lan").contains("taken over 2 times"), () -> listing(firewall, " lan"));
        Traffic.tcp(server, host, HOST, OCTETS);
        assertFalse(firewall.command("memlog").output().contains("internal_error"));
        assertEquals(0, firewall.stop(), firewall::complaints);
    }

    @ParameterizedTest
    @CsvSource({"SUPER_PACKETS, false", "SUPER_PACKETS, true", "XDP, false", "RING, true"})
    void theMtuIsFollowedWhilePacketsAreInFlight(IoMethod method, boolean offload) throws Exception {
        Firewall firewall = start(method, offload);
        Future<?> transfers = host.submit(() -> {
            for (int i = 0; i < 4; i++) {
                Traffic.tcp(host, server, SERVER, OCTETS);
            }
            return "all arrived";
        });
        int changes = 0;
        while (!transfers.isDone() || changes < 2) {
            String mtu = changes++ % 2 == 0 ? "1300" : "1500";
            gateway.ip("link set wan mtu " + mtu);
            awaitEvent(firewall, "mtu=" + mtu);
            Traffic.ping(host, SERVER, 3);
        }
        assertTrue(arrived(transfers), firewall.command("memlog")::output);
        gateway.ip("link set wan mtu 1300");
        host.ip("route flush cache");
        assertTrue(Await.within(SOON, () -> isToldOf1300()));
        assertTrue(Traffic.ping(host, SERVER, 1));
        assertTrue(listing(firewall, " wan").contains("1300"), () -> listing(firewall, " wan"));
        assertFalse(firewall.command("memlog").output().contains("internal_error"));
        assertEquals(0, firewall.stop(), firewall::complaints);
    }

    @Test
    void theTunDeviceOfCoreIsMadeAgain() {
        Firewall firewall = start(IoMethod.AUTO, true);
        String before = gateway.run("ip", "-br", "addr", "show", "core0").output();
        gateway.ip("link del core0");
        awaitEvent(firewall, "device_taken_again");
        assertTrue(listing(firewall, " core").contains("taken over 2 times"), () -> listing(firewall, " core"));
        assertEquals(before, gateway.run("ip", "-br", "addr", "show", "core0").output());
        assertTrue(Traffic.ping(host, SERVER, 1));
        assertEquals(0, firewall.stop(), firewall::complaints);
    }

    private static boolean arrived(Future<?> transfers) throws InterruptedException {
        try {
            return transfers.get() != null;
        } catch (ExecutionException e) {
            throw new AssertionError(e.getCause());
        }
    }

    private boolean isToldOf1300() {
        return host.attempt("ping", "-M", "do", "-s", "1372", "-c", "1", "-W", "1", SERVER)
                .output()
                .contains("mtu = 1300");
    }

    @ParameterizedTest
    @EnumSource(names = {"SUPER_PACKETS", "XDP", "RING"})
    void whatAFullRingLosesIsCountedAndTold(IoMethod method) {
        Firewall firewall = start(method, false);
        // While the process stands still nobody empties the ring.
        signal(firewall, "STOP");
        try {
            flood();
        } finally {
            signal(firewall, "CONT");
        }
        awaitEvent(firewall, "device_overrun");
        assertTrue(Await.within(SOON, () -> lost(firewall) > 1000), () -> listing(firewall, " wan"));
        assertTrue(Await.within(SOON, () -> Traffic.ping(host, SERVER, 1)));
        Traffic.tcp(server, host, HOST, OCTETS);
        assertEquals(0, firewall.stop(), firewall::complaints);
    }

    private static void signal(Firewall firewall, String name) {
        Command.attempt(List.of("kill", "-" + name, String.valueOf(firewall.pid())))
                .orThrow();
    }

    private void flood() {
        server.call(() -> {
            try (DatagramChannel channel = DatagramChannel.open()) {
                InetSocketAddress target = new InetSocketAddress(HOST, 9);
                ByteBuffer octets = ByteBuffer.allocateDirect(1400);
                for (int i = 0; i < FLOOD; i++) {
                    channel.send(octets.clear(), target);
                }
            }
            return "sent";
        });
    }

    private static long lost(Firewall firewall) {
        Matcher matcher =
                Pattern.compile("Lost on arrival *(\\d+) for want of room").matcher(listing(firewall, " wan"));
        return matcher.find() ? Long.parseLong(matcher.group(1)) : 0;
    }
}
