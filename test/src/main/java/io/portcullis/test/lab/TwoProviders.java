package io.portcullis.test.lab;

import com.sun.net.httpserver.HttpServer;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/**
 * A firewall with two ways to one server:
 *
 * <pre>
 *   host            gateway                      first                 server
 *   172.16.1.10 --- lan  wan1 (198.51.100.2) --- .1 -- 10.1.0.0/30 ---+ 203.0.113.80
 *                   .1   wan2 (192.0.2.2) ------ .1 -- 10.2.0.0/30 ---+
 *                                                second
 * </pre>
 */
public final class TwoProviders implements AutoCloseable {
    public static final String SERVER = "203.0.113.80";
    public static final int PORT = 8080;

    private final Lab lab = Lab.open();
    public final Namespace host = lab.namespace("host");
    public final Namespace gateway = lab.namespace("gateway");
    public final Namespace first = lab.namespace("first");
    public final Namespace second = lab.namespace("second");
    public final Namespace server = lab.namespace("server");

    public TwoProviders() {
        boolean offload = IoMode.current().offload(false);
        lab.wire(gateway, "lan", host, "eth0", offload);
        lab.wire(gateway, "wan1", first, "customer", offload);
        lab.wire(gateway, "wan2", second, "customer", offload);
        lab.wire(server, "one", first, "core", offload);
        lab.wire(server, "two", second, "core", offload);
        host.ip("addr add 172.16.1.10/24 dev eth0\nroute add default via 172.16.1.1");
        provider(first, "198.51.100.1/24", "10.1.0.1/30", "10.1.0.2");
        provider(second, "192.0.2.1/24", "10.2.0.1/30", "10.2.0.2");
        server.ip("addr add " + SERVER + "/32 dev lo\naddr add 10.1.0.2/30 dev one\naddr add 10.2.0.2/30 dev two\n"
                + "route add 198.51.100.0/24 via 10.1.0.1\nroute add 192.0.2.0/24 via 10.2.0.1");
        // What comes by one way may be answered by the other: both are the server's.
        server.sysctl(
                "net.ipv4.conf.all.rp_filter=0", "net.ipv4.conf.one.rp_filter=0", "net.ipv4.conf.two.rp_filter=0");
    }

    private static void provider(Namespace router, String customer, String core, String server) {
        router.ip("addr add " + customer + " dev customer\naddr add " + core + " dev core\nroute add " + SERVER
                + "/32 via " + server);
        router.sysctl("net.ipv4.ip_forward=1");
    }

    /** Answers HTTP with this text until the lab is closed. */
    public void serve(String text) {
        byte[] content = text.getBytes(StandardCharsets.US_ASCII);
        HttpServer http = server.call(() -> {
            HttpServer made = HttpServer.create(new InetSocketAddress(SERVER, PORT), 8);
            made.createContext("/status", exchange -> {
                try (exchange) {
                    exchange.sendResponseHeaders(200, content.length);
                    exchange.getResponseBody().write(content);
                }
            });
            made.start();
            return made;
        });
        lab.own(() -> http.stop(0));
    }

    /** The firewall, with these lines of configuration besides its interfaces and a policy that lets the host out. */
    public Firewall firewall(String lines) {
        String method = IoMode.current().property();
        return Firewall.start(lab, gateway, """
                add Interface Ethernet lan EthernetDevice=lan IP=172.16.1.1 Network=172.16.1.0/24%1$s
                add Interface Ethernet wan1 EthernetDevice=wan1 IP=198.51.100.2 Network=198.51.100.0/24%1$s
                add Interface Ethernet wan2 EthernetDevice=wan2 IP=192.0.2.2 Network=192.0.2.0/24%1$s
                add Interface InterfaceGroup wans Members=wan1,wan2
                add IPPolicy Name=out SourceInterface=lan SourceNetwork=172.16.1.0/24 DestinationInterface=wans
                    DestinationNetwork=all-nets Service=all_services Action=Allow SourceTranslation=NAT
                %2$s
                %3$s
                """.formatted(method, String.join("\n", GatewayScript.workers()), lines));
    }

    @Override
    public void close() {
        lab.close();
    }
}
