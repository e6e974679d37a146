package io.portcullis.test.dhcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.test.Needs;
import io.portcullis.test.lab.Await;
import io.portcullis.test.lab.Firewall;
import io.portcullis.test.lab.IoMode;
import io.portcullis.test.lab.Lab;
import io.portcullis.test.lab.Namespace;
import io.portcullis.test.lab.Need;
import io.portcullis.test.lab.Traffic;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A provider who leases the firewall its address, by dnsmasq and by BusyBox's udhcpd:
 *
 * <pre>
 *   host 172.16.1.10 --- lan 172.16.1.1  gateway  wan (DHCP) --- provider 192.0.2.1, 198.51.100.10
 * </pre>
 */
@Needs({Need.ROOT, Need.NAMESPACES, Need.DHCP_SERVERS})
class DhcpServersTest {
    private static final String FAR = "198.51.100.10";
    /** Reached without translation: what wan's address is does not matter. */
    private static final String ROUTED = "198.51.100.20";

    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final int READ_MILLIS = 10_000;
    private static final int LONGEST = 2048;

    private Lab lab;
    private Namespace host;
    private Namespace provider;
    private Firewall firewall;
    private final List<Process> servers = new ArrayList<>();

    @BeforeEach
    void start() {
        lab = Lab.open();
        host = lab.namespace("host");
        provider = lab.namespace("provider");
        Namespace gateway = lab.namespace("gateway");
        boolean offload = IoMode.current().offload(false);
        lab.wire(gateway, "lan", host, "eth0", offload);
        lab.wire(gateway, "wan", provider, "eth0", offload);
        host.ip("addr add 172.16.1.10/24 dev eth0\nroute add default via 172.16.1.1");
        // It asks for neighbours as somebody on their network.
        provider.sysctl("net.ipv4.conf.all.arp_announce=2");
        provider.ip("addr add 192.0.2.1/24 dev eth0\naddr add " + FAR + "/32 dev lo\naddr add " + ROUTED
                + "/32 dev lo\nroute add 172.16.1.0/24 dev eth0");
        firewall = Firewall.start(lab, gateway, """
                add Interface Ethernet lan EthernetDevice=lan IP=172.16.1.1 Network=172.16.1.0/24%1$s
                add Interface Ethernet wan EthernetDevice=wan DHCPEnabled=Yes DHCPHostName=gate%1$s
                cc RoutingTable main
                add Route Interface=lan Network=172.16.1.0/24 ProxyARPInterfaces=wan
                cc
                add IPPolicy Name=routed SourceInterface=lan SourceNetwork=lan_net DestinationInterface=wan
                    DestinationNetwork=%2$s Service=all_services Action=Allow SourceTranslation=None
                add IPPolicy Name=to_gateway SourceInterface=lan SourceNetwork=lan_net DestinationInterface=wan
                    DestinationNetwork=wan_gw Service=all_services Action=Allow SourceTranslation=NAT
                add IPPolicy Name=out SourceInterface=lan SourceNetwork=lan_net DestinationInterface=wan
                    DestinationNetwork=%3$s Service=all_services Action=Allow SourceTranslation=NAT
                add IPPolicy Name=ping SourceInterface=wan SourceNetwork=wan_net DestinationInterface=core
                    DestinationNetwork=wan_ip Service=ping-inbound Action=Allow
                add PSK key Type=ASCII PSKAscii=something-secret
                add Interface IPsecTunnel branch LocalNetwork=lan_net RemoteNetwork=10.9.0.0/16
                    RemoteEndpoint=192.0.2.1 LocalEndpoint=wan_ip PSK=key
                add IPPolicy Name=to_branch SourceInterface=lan SourceNetwork=lan_net DestinationInterface=branch
                    DestinationNetwork=10.9.0.0/16 Service=all_services Action=Allow SourceTranslation=None
                """.formatted(IoMode.current().property(), ROUTED, FAR));
    }

    @AfterEach
    void stop() {
        if (lab != null) {
            lab.close();
        }
    }

    /** dnsmasq with leases of two minutes, its shortest. */
    private void dnsmasq(String first, String last) {
        Path folder = lab.folder("dnsmasq-" + servers.size());
        servers.add(provider.start(
                folder.resolve("log"),
                "dnsmasq",
                "--keep-in-foreground",
                "--conf-file=/dev/null",
                "--user=root",
                "--port=0",
                "--interface=eth0",
                "--no-ping",
                "--dhcp-authoritative",
                "--dhcp-sequential-ip",
                "--dhcp-range=" + first + "," + last + ",255.255.255.0,120",
                "--dhcp-option=option:dns-server,192.0.2.53",
                "--log-dhcp",
                "--log-facility=-",
                "--pid-file",
                "--dhcp-leasefile=" + folder.resolve("leases")));
        awaitIn(folder.resolve("log"), "IP range");
    }

    /** A server hears nothing before it has said that it does. */
    private static void awaitIn(Path log, String words) {
        Await.until(words, PATIENCE, () -> {
            try {
                return Files.readString(log).contains(words);
            } catch (IOException _) {
                return false;
            }
        });
    }

    private void udhcpd(String first, String last) throws IOException {
        Path folder = lab.folder("udhcpd-" + servers.size());
        Path file = folder.resolve("conf");
        Files.createFile(folder.resolve("leases"));
        Files.writeString(file, """
                start %s
                end %s
                interface eth0
                lease_file %s
                pidfile %s
                option subnet 255.255.255.0
                option router 192.0.2.1
                option lease 120
                """.formatted(first, last, folder.resolve("leases"), folder.resolve("pid")));
        servers.add(provider.start(folder.resolve("log"), "udhcpd", "-f", file.toString()));
        awaitIn(folder.resolve("log"), "started");
    }

    private void endServer() {
        Process server = servers.getLast();
        server.descendants().forEach(ProcessHandle::destroy);
        server.destroy();
        try {
            assertTrue(server.waitFor(5, TimeUnit.SECONDS), "the server ends");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private String shown() {
        return firewall.command("dhcp -show wan").output();
    }

    private String log() {
        return firewall.command("memlog -num=all").output();
    }

    /** Waits for a lease of this range; @return the address. */
    private String leased(String range) {
        Pattern address = Pattern.compile("IP address +(" + range + ")\\s");
        boolean bound = Await.within(
                PATIENCE,
                () -> shown().contains("bound") && address.matcher(shown()).find());
        assertTrue(bound, () -> shown() + log());
        Matcher found = address.matcher(shown());
        assertTrue(found.find());
        return found.group(1);
    }

    @Test
    void aLeaseIsTakenRenewedRefusedAndReplaced() throws IOException {
        assertFalse(Traffic.ping(host, "172.16.1.1", 1), "no policy says so");
        dnsmasq("192.0.2.100", "192.0.2.110");
        String first = leased("192\\.0\\.2\\.10\\d");
        String details = shown();
        assertTrue(details.contains("192.0.2.53") && details.contains("192.0.2.1 at "), details);
        assertTrue(Traffic.ping(host, FAR, 2), this::log);
        assertTrue(Traffic.ping(host, "192.0.2.1", 1), "wan_gw");
        assertTrue(Traffic.ping(provider, first, 2), "wan_ip");
        assertTrue(Await.within(PATIENCE, () -> initiator().equals(first)), "LocalEndpoint=wan_ip");
        String routes = firewall.command("routes").output();
        assertTrue(routes.contains("0.0.0.0/0") && routes.contains("192.0.2.0/24"), routes);

        firewall.command("dhcp -renew wan").orThrow();
        assertTrue(Await.within(PATIENCE, () -> log().contains("renewed_lease")), this::log);
        assertEquals(first, leased("192\\.0\\.2\\.10\\d"));

        // Connections that have nothing to do with the address that changes go on.
        ServerSocket server = provider.call(() -> new ServerSocket(0, 1, InetAddress.getByName(ROUTED)));
        Socket routed = host.call(() -> {
            Socket socket = new Socket();
            socket.setSoTimeout(READ_MILLIS);
            socket.connect(new InetSocketAddress(ROUTED, server.getLocalPort()), READ_MILLIS);
            return socket;
        });
        Socket accepted = server.accept();
        accepted.setSoTimeout(READ_MILLIS);
        assertEquals(1, passes(routed, accepted, 1));

        // The server knows nothing of that address any more: it says NAK.
        endServer();
        dnsmasq("192.0.2.150", "192.0.2.160");
        firewall.command("dhcp -renew wan").orThrow();
        String second = leased("192\\.0\\.2\\.15\\d");
        assertTrue(log().contains("lease_denied"), this::log);
        assertTrue(Traffic.ping(host, FAR, 2), this::log);
        assertTrue(Traffic.ping(provider, second, 1), "wan_ip follows");
        assertTrue(Await.within(PATIENCE, () -> initiator().equals(second)), "and so does the tunnel's local endpoint");
        assertFalse(Traffic.ping(provider, first, 1), "and has left the other one");
        assertEquals(2, passes(routed, accepted, 2));
        assertEquals(3, passes(accepted, routed, 3));

        // Without a server the lease lasts.
        endServer();
        firewall.command("dhcp -renew wan").orThrow();
        assertTrue(shown().contains("renews"), this::shown);
        assertTrue(Traffic.ping(host, FAR, 1), this::log);

        firewall.command("dhcp -release wan").orThrow();
        assertTrue(Await.within(PATIENCE, () -> shown().contains("released")), this::shown);
        assertFalse(Traffic.ping(provider, second, 1));
        udhcpd("192.0.2.200", "192.0.2.210");
        firewall.command("dhcp -renew wan").orThrow();
        String third = leased("192\\.0\\.2\\.2\\d\\d");
        assertTrue(Traffic.ping(host, FAR, 1), this::log);
        assertTrue(Traffic.ping(provider, third, 1), "wan_ip");
        assertEquals(4, passes(routed, accepted, 4));
        firewall.command("dhcp -renew wan").orThrow();
        assertTrue(shown().contains(third), this::shown);
        assertEquals(0, firewall.stop(), firewall::complaints);
    }

    /** Who asks the provider for an IKE SA when a packet is for the tunnel; empty when nobody does soon. */
    private String initiator() {
        try (DatagramSocket ike = provider.call(
                () -> new DatagramSocket(new InetSocketAddress(InetAddress.getByName("192.0.2.1"), 500)))) {
            ike.setSoTimeout(READ_MILLIS / 2);
            host.attempt("ping", "-n", "-c", "1", "-W", "1", "10.9.0.1");
            DatagramPacket heard = new DatagramPacket(new byte[LONGEST], LONGEST);
            ike.receive(heard);
            return heard.getAddress().getHostAddress();
        } catch (IOException _) {
            return "";
        }
    }

    private static int passes(Socket from, Socket to, int octet) throws IOException {
        from.getOutputStream().write(octet);
        return to.getInputStream().read();
    }

    @Test
    void anAddressThatSomebodyHasIsDeclinedAndTheNextOneTaken() {
        provider.ip("addr add 192.0.2.100/24 dev eth0");
        dnsmasq("192.0.2.100", "192.0.2.110");
        String taken = leased("192\\.0\\.2\\.1[01]\\d");
        assertFalse(taken.equals("192.0.2.100"), taken);
        assertTrue(log().contains("offered_ip_occupied"), this::log);
    }
}
