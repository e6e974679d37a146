package io.portcullis.hostmon;

import io.portcullis.core.config.Addresses;
import io.portcullis.core.config.Checked;
import io.portcullis.core.config.ConfigError;
import io.portcullis.core.config.Configuration;
import io.portcullis.core.config.Findings;
import io.portcullis.core.config.ObjectType;
import io.portcullis.core.config.Property;
import io.portcullis.core.iface.EthernetConfiguration;
import io.portcullis.core.net.IpAddress;
import io.portcullis.core.routing.Route;
import io.portcullis.core.routing.StaticRoute;
import java.time.Duration;
import java.util.Optional;

/** A host by which a route is monitored. */
@ObjectType(
        value = "MonitoredHost",
        title = "Monitored host",
        help =
                "A host that is asked by way of the route whether it is there. The route's host monitoring decides by its"
                        + " hosts whether the route works.",
        in = StaticRoute.class,
        ordered = true,
        nameOptional = true)
public record MonitoredHost(
        @Property(help = "Name of the host.") String name,

        @Property(help = "Its address.", name = "IPAddress", required = true)
        Addresses ipAddress,

        @Property(help = "How it is asked.", byDefault = "ICMP")
        MonitorMethod method,

        @Property(
                help = "Port that TCP connects to. HTTP takes that of RequestURL.",
                byDefault = "0",
                min = 0,
                max = 65535)
        int port,

        @Property(
                help = "Time between two questions, milliseconds.",
                byDefault = "10000",
                min = 100,
                max = 3_600_000,
                group = "Sampling")
        int pollingInterval,

        @Property(
                help = "How many of the latest questions count.",
                byDefault = "10",
                min = 1,
                max = 1000,
                group = "Sampling")
        int samples,

        @Property(
                help = "How many of them may be lost; with one more the host is unreachable.",
                byDefault = "2",
                min = 0,
                max = 999,
                group = "Sampling")
        int maxPollFails,

        @Property(
                help =
                        "How long answers may take on average, milliseconds. Nobody waits longer than twice as long, or a"
                                + " second, for one.",
                byDefault = "800",
                min = 1,
                max = 60_000,
                group = "Sampling")
        int maxAverageLatency,

        @Property(help = "Whether the route does not work without this host, whatever the others do.", byDefault = "No")
        boolean reachabilityRequired,

        @Property(
                help =
                        "What HTTP asks for, such as http://www.example.com/status; the connection is made to IPAddress.",
                name = "RequestURL",
                group = "HTTP")
        String requestUrl,

        @Property(help = "Text that HTTP looks for in the answer; empty: any answer will do.", group = "HTTP")
        String expectedResponse,

        @Property(help = "Remark.") String comments)
        implements Checked {
    /** @throws ConfigError naming the property that does not fit the others */
    public MonitoredHost {
        if (maxPollFails >= samples) {
            throw new ConfigError(
                    "MaxPollFails", maxPollFails + " of " + samples + " Samples can not be exceeded: give less");
        }
        if (!requestUrl.isEmpty()
                && HttpPage.parse(requestUrl, expectedResponse).isEmpty()) {
            throw new ConfigError(
                    "RequestURL",
                    "'" + requestUrl + "' is not http://HOST, http://HOST:PORT or one with a path behind it, of 400"
                            + " characters at most");
        }
    }

    @Override
    public void check(Configuration configuration, Findings.ForObject findings) {
        if (address(configuration).isEmpty()) {
            findings.error("IPAddress", ipAddress + " is not one address");
        }
        if (method == MonitorMethod.TCP && port == 0) {
            findings.error("Port", "TCP needs the port to connect to");
        }
        if (method == MonitorMethod.HTTP && requestUrl.isEmpty()) {
            findings.error("RequestURL", "HTTP needs a page to ask for");
        }
    }

    Optional<IpAddress> address(Configuration configuration) {
        return EthernetConfiguration.single(configuration.resolve(ipAddress));
    }

    HostCheck check(IpAddress host, IpAddress source, Route by) {
        HttpPage page = method == MonitorMethod.HTTP
                ? HttpPage.parse(requestUrl, expectedResponse).orElse(HttpPage.NONE)
                : HttpPage.NONE;
        int asked = switch (method) {
            case ICMP -> 0;
            case TCP -> port;
            case HTTP -> page.port();
        };
        return new HostCheck(
                method.protocol(),
                host,
                asked,
                source,
                by,
                page,
                Duration.ofMillis(pollingInterval),
                samples,
                maxPollFails,
                maxPollFails,
                Duration.ofMillis(maxAverageLatency),
                reachabilityRequired);
    }
}
