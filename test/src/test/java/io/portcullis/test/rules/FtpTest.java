package io.portcullis.test.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.test.Needs;
import io.portcullis.test.lab.Await;
import io.portcullis.test.lab.Command;
import io.portcullis.test.lab.Firewall;
import io.portcullis.test.lab.GatewayScript;
import io.portcullis.test.lab.Namespace;
import io.portcullis.test.lab.Need;
import io.portcullis.test.lab.TwoSites;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** vsftpd behind or before the firewall, and clients that are not ours: only the service ftp is allowed. */
@Needs({Need.ROOT, Need.NAMESPACES, Need.FTP})
class FtpTest {
    private static final int LONG = 2_000_000;
    private static final String FILE = "file";
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final String ROUTER6 = "2001:db8:51::1";
    private static final String GATEWAY6 = "2001:db8:51::2";
    private static final String HOST6 = "2001:db8:16::10";

    /** How curl is told to make data connections; it falls back to nothing else. */
    private static final List<List<String>> WAYS_V4 = List.of(
            List.of("--disable-epsv"),
            List.of(),
            List.of("--ftp-port", "-", "--disable-eprt"),
            List.of("--ftp-port", "-"));

    private static final List<List<String>> WAYS_V6 = List.of(List.of(), List.of("--ftp-port", "-"));

    private static String interfaces(int workers) {
        return "set Settings WorkerSettings Workers=" + workers + "\n" + GatewayScript.gatewayDevices()
                + "set Interface Ethernet lan IP6=2001:db8:16::1 Network6=2001:db8:16::/64\n"
                + "set Interface Ethernet wan IP6=" + GATEWAY6 + " Network6=2001:db8:51::/64\n";
    }

    private static TwoSites sites() {
        TwoSites sites = TwoSites.open();
        sites.host.ip("addr add " + HOST6 + "/64 dev eth0 nodad\nroute add default via 2001:db8:16::1");
        sites.router.ip("addr add " + ROUTER6 + "/64 dev isp nodad\nroute add 2001:db8:16::/64 via " + GATEWAY6
                + "\nroute add " + TwoSites.HOST_NETWORK + " via " + TwoSites.GATEWAY);
        return sites;
    }

    /** vsftpd in a place, for everybody; it ends with the place. */
    private static void serve(TwoSites sites, Namespace where) throws IOException {
        Path folder = sites.lab().folder("ftp");
        Path root = Files.createDirectories(folder.resolve("root"));
        byte[] data = new byte[LONG];
        new Random(LONG).nextBytes(data);
        Files.write(root.resolve(FILE), data);
        Path configuration = folder.resolve("vsftpd.conf");
        Files.writeString(configuration, """
                        listen_ipv6=YES
                        background=NO
                        anonymous_enable=YES
                        local_enable=NO
                        anon_root=%s
                        secure_chroot_dir=%s
                        seccomp_sandbox=NO
                        connect_from_port_20=YES
                        """.formatted(root, Files.createDirectories(folder.resolve("empty"))));
        where.start(folder.resolve("vsftpd.log"), "vsftpd", configuration.toString());
        Await.until(
                "vsftpd listens",
                PATIENCE,
                () -> where.run("ss", "-ltn").output().contains(":21 "));
    }

    private static String url(String address) {
        return "ftp://" + (address.contains(":") ? "[" + address + "]" : address) + "/";
    }

    private static void fetch(TwoSites sites, Namespace client, String address, List<String> way, String what)
            throws IOException {
        Path folder = sites.lab().folder("ftp");
        Path to = folder.resolve("fetched");
        Files.deleteIfExists(to);
        List<String> curl = new ArrayList<>(
                List.of("curl", "-sS", "--max-time", "20", "--no-ftp-skip-pasv-ip", "-v", "-o", to.toString()));
        curl.addAll(way);
        curl.add(url(address) + FILE);
        Command.Result result = client.attempt(curl.toArray(String[]::new));
        assertEquals(0, result.status(), () -> what + " " + way + " " + address + "\n" + result.output());
        assertEquals(-1, Files.mismatch(folder.resolve("root").resolve(FILE), to), what + " " + way + " " + address);
    }

    private static void fetchEachWay(TwoSites sites, Namespace client, String v4, String v6, Firewall firewall)
            throws IOException {
        for (List<String> way : WAYS_V4) {
            fetch(sites, client, v4, way, firewall.command("memlog -num=20").output());
        }
        for (List<String> way : WAYS_V6) {
            fetch(sites, client, v6, way, firewall.command("memlog -num=20").output());
        }
        for (String passive : List.of("on", "off")) {
            Path folder = sites.lab().folder("ftp");
            Path to = folder.resolve("fetched");
            Files.deleteIfExists(to);
            // Four control connections at once, each with data connections of its own.
            Command.Result fetched = client.attempt(
                    "lftp",
                    "-c",
                    "set net:timeout 5; set net:max-retries 2; set ftp:passive-mode " + passive + "; open " + url(v4)
                            + "; cls -l; pget -n 4 " + FILE + " -o " + to);
            assertEquals(0, fetched.status(), fetched::output);
            assertEquals(-1, Files.mismatch(folder.resolve("root").resolve(FILE), to), fetched::output);
        }
    }

    @ParameterizedTest
    @CsvSource({"1,None", "3,None", "1,NAT", "3,NAT"})
    void clientsInsideReachAServerOutside(int workers, String translation) throws Exception {
        String from = "SourceInterface=lan DestinationInterface=wan Service=ftp Action=Allow SourceTranslation="
                + translation;
        String script = interfaces(workers)
                + "add IPPolicy Name=ftp SourceNetwork=lan_net DestinationNetwork=all-nets " + from + "\n"
                + "add IPPolicy Name=ftp6 SourceNetwork=all-nets6 DestinationNetwork=all-nets6 " + from + "\n";
        try (TwoSites sites = sites();
                Firewall firewall = Firewall.start(sites.lab(), sites.gateway, script)) {
            serve(sites, sites.router);
            fetchEachWay(sites, sites.host, TwoSites.ROUTER_NEAR, ROUTER6, firewall);
            String trace = firewall.command("trace lan tcp 172.16.1.10:4000 198.51.100.1:21")
                    .orThrow()
                    .output();
            assertTrue(trace.contains("FTP: data connections that it announces"), trace);
            String log = firewall.command("memlog -num=all").orThrow().output();
            assertTrue(log.contains("ftp_data_announced"), log);
            assertEquals("", firewall.complaints());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void clientsOutsideReachAPublishedServerInside(int workers) throws Exception {
        String to = "SourceInterface=wan DestinationInterface=core Service=ftp Action=Allow DestinationTranslation=SAT";
        String script = interfaces(workers)
                + "add IPPolicy Name=ftp SourceNetwork=all-nets DestinationNetwork=wan_ip SATTranslateToIP="
                + TwoSites.HOST + " " + to + "\n"
                + "add IPPolicy Name=ftp6 SourceNetwork=all-nets6 DestinationNetwork=" + GATEWAY6
                + " SATTranslateToIP=" + HOST6 + " " + to + "\n";
        try (TwoSites sites = sites();
                Firewall firewall = Firewall.start(sites.lab(), sites.gateway, script)) {
            serve(sites, sites.host);
            fetchEachWay(sites, sites.router, TwoSites.GATEWAY, GATEWAY6, firewall);
            assertEquals("", firewall.complaints());
        }
    }

    /** Octet by octet, as a hand types it: what is withheld must not stop who waits for an acknowledgement. */
    @Test
    void commandsMayComeInPieces() throws Exception {
        String script = interfaces(1)
                + "add IPPolicy Name=ftp SourceInterface=lan SourceNetwork=lan_net DestinationInterface=wan"
                + " DestinationNetwork=all-nets Service=ftp Action=Allow SourceTranslation=NAT\n";
        try (TwoSites sites = sites();
                Firewall firewall = Firewall.start(sites.lab(), sites.gateway, script)) {
            serve(sites, sites.router);
            for (boolean noDelay : new boolean[] {true, false}) {
                String listing = sites.host.call(() -> listing(noDelay));
                assertTrue(listing.contains(FILE), listing);
            }
            assertEquals("", firewall.complaints());
        }
    }

    private static String listing(boolean noDelay) throws IOException {
        int patience = (int) PATIENCE.toMillis();
        try (Socket control = new Socket(TwoSites.ROUTER_NEAR, 21);
                ServerSocket data = new ServerSocket(0, 1, InetAddress.getByName(TwoSites.HOST))) {
            control.setSoTimeout(patience);
            data.setSoTimeout(patience);
            control.setTcpNoDelay(noDelay);
            BufferedReader replies =
                    new BufferedReader(new InputStreamReader(control.getInputStream(), StandardCharsets.US_ASCII));
            StringBuilder said = new StringBuilder(replies.readLine());
            int port = data.getLocalPort();
            for (String line : List.of(
                    "USER anonymous",
                    "PASS guest",
                    "PORT 172,16,1,10," + port / 256 + "," + port % 256,
                    "PWD",
                    "NLST")) {
                for (byte octet : (line + "\r\n").getBytes(StandardCharsets.US_ASCII)) {
                    control.getOutputStream().write(octet);
                    control.getOutputStream().flush();
                }
                said.append('\n').append(replies.readLine());
            }
            assertTrue(said.toString().contains("\n200 "), said::toString);
            try (Socket accepted = data.accept()) {
                return new String(accepted.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            }
        }
    }
}
