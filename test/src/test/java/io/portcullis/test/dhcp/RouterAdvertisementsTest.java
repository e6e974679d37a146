package io.portcullis.test.dhcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.test.Needs;
import io.portcullis.test.lab.Await;
import io.portcullis.test.lab.Command;
import io.portcullis.test.lab.Firewall;
import io.portcullis.test.lab.IoMode;
import io.portcullis.test.lab.Lab;
import io.portcullis.test.lab.Namespace;
import io.portcullis.test.lab.Need;
import io.portcullis.test.lab.Traffic;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * dnsmasq as an IPv6 router on two links, of which the firewall listens on one:
 *
 * <pre>
 *   gateway  wan, dmz --- provider 2001:db8:2::1/64, 2001:db8:3::1/64; 2001:db8:99::1
 * </pre>
 */
@Needs({Need.ROOT, Need.NAMESPACES, Need.DHCP_SERVERS})
class RouterAdvertisementsTest {
    private static final Pattern ADDRESS = Pattern.compile("IPv6 address +(2001:db8:2:\\S+)");
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Test
    void anAddressAndARouteAreLearnedWhereTheOperatorWantsIt() {
        try (Lab lab = Lab.open()) {
            Namespace provider = lab.namespace("provider");
            Namespace gateway = lab.namespace("gateway");
            boolean offload = IoMode.current().offload(false);
            lab.wire(gateway, "wan", provider, "eth0", offload);
            lab.wire(gateway, "dmz", provider, "eth1", offload);
            provider.sysctl("net.ipv6.conf.all.forwarding=1");
            provider.ip("addr add 2001:db8:2::1/64 dev eth0 nodad\naddr add 2001:db8:3::1/64 dev eth1 nodad"
                    + "\naddr add 2001:db8:99::1/128 dev lo");
            Firewall firewall =
                    Firewall.start(lab, gateway, """
                    add Interface Ethernet wan EthernetDevice=wan EnableRouterDiscovery=Yes%1$s
                    add Interface Ethernet dmz EthernetDevice=dmz%1$s
                    add IPPolicy Name=ping SourceInterface=wan SourceNetwork=wan_net6 DestinationInterface=core
                        DestinationNetwork=wan_ip6 Service=all_services Action=Allow
                    """.formatted(IoMode.current().property()));
            Path log = lab.folder("dnsmasq").resolve("log");
            Process _ = provider.start(
                    log,
                    "dnsmasq",
                    "--keep-in-foreground",
                    "--conf-file=/dev/null",
                    "--user=root",
                    "--port=0",
                    "--enable-ra",
                    "--dhcp-range=2001:db8:2::,ra-only,64,10m",
                    "--dhcp-range=2001:db8:3::,ra-only,64,10m",
                    "--log-facility=-",
                    "--pid-file",
                    "--dhcp-leasefile=" + log.resolveSibling("leases"));
            boolean learned = Await.within(
                    PATIENCE,
                    () -> ADDRESS.matcher(firewall.command("ifstat wan").output())
                            .find());
            String seen = firewall.command("ifstat wan").output();
            assertTrue(learned, seen + firewall.command("memlog -num=all").output());
            Matcher address = ADDRESS.matcher(seen);
            assertTrue(address.find());
            String routes = firewall.command("routes").output();
            assertTrue(routes.contains("::/0") && routes.contains("2001:db8:2::/64"), routes);
            assertFalse(routes.contains("2001:db8:3::"), routes);
            assertFalse(firewall.command("ifstat dmz").output().contains("IPv6"), "off by default");
            assertTrue(Traffic.ping(provider, address.group(1), 2), "by a policy that names wan_ip6");
            Command.Result far = firewall.command("ping 2001:db8:99::1 -count=2");
            assertTrue(far.output().contains("Received:2"), far.output() + routes);
            assertEquals(0, firewall.stop(), firewall::complaints);
        }
    }
}
