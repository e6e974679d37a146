package io.portcullis.test.lab;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What a test may need of the machine. {@code test/packages.txt} is where the packages come from. */
public enum Need {
    ROOT(""),
    /** Hosts and routers; the firewall itself wants a TUN device. */
    NAMESPACES("/dev/net/tun unshare ip nft sysctl ethtool ping"),
    STRONGSWAN("/usr/lib/ipsec/charon swanctl /usr/lib/ipsec/plugins/libstrongswan-kernel-libipsec.so"),
    USER_MODE_LINUX("linux.uml modprobe /usr/lib/uml/modules"),
    /** The kernel of the machine is often built without netem; that of user-mode Linux has it. */
    NETEM("linux.uml modprobe /usr/lib/uml/modules tc nstat"),
    CAPTURE("tcpdump tshark"),
    IPERF("iperf3"),
    FTP("vsftpd curl lftp ss"),
    DHCP_SERVERS("dnsmasq udhcpd"),
    C_COMPILER("gcc"),
    OPENSSL("openssl"),
    /** Where Debian has it. */
    IPSEC_MB("/usr/lib/x86_64-linux-gnu/libIPSec_MB.so.1");

    private static final List<String> PATH = Stream.concat(
                    Stream.of(System.getenv().getOrDefault("PATH", "").split(":", -1)),
                    Stream.of("/usr/sbin", "/sbin", "/usr/bin", "/bin"))
            .toList();

    private final String files;

    /** Programs on the path and files, separated by blanks. */
    Need(String files) {
        this.files = files;
    }

    /** Empty when this is there; otherwise what is missing. */
    public Optional<String> missing() {
        if (this == ROOT) {
            return "root".equals(System.getProperty("user.name")) ? Optional.empty() : Optional.of("not run as root");
        }
        List<String> absent =
                Stream.of(files.split(" ", -1)).filter(file -> !exists(file)).toList();
        if (!absent.isEmpty()) {
            return Optional.of("not installed: " + String.join(", ", absent));
        }
        // A container may be root and still not be allowed to.
        if (this == NAMESPACES
                && !Command.attempt(List.of("unshare", "-n", "-m", "true")).succeeded()) {
            return Optional.of("no right to make network namespaces");
        }
        return Optional.empty();
    }

    private static boolean exists(String file) {
        return file.startsWith("/")
                ? Files.exists(Path.of(file))
                : PATH.stream().anyMatch(folder -> Files.isExecutable(Path.of(folder, file)));
    }
}
