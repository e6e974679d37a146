package io.portcullis.test.lab;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * strongSwan in a namespace, with its userspace ESP: tunnel mode in UDP 4500 only (it pretends to be behind a NAT), a
 * TUN device of MTU 1400. Larger inner packets are fragmented or refused by the kernel in front of that device.
 */
public final class Charon extends Swan {
    private static final String DAEMON = "/usr/lib/ipsec/charon";

    /**
     * charon leaves its sockets' buffers at this default, 208 kB, and loses there whatever it does not read in time. It
     * is a setting of the whole machine: raised while the sockets are made, and put back.
     */
    private static final String RECEIVE_BUFFER = "net.core.rmem_default";

    private static final int RECEIVE_OCTETS = 4 << 20;

    private final Path folder;
    private final Process process;

    private Charon(Path folder, Process process) {
        super(folder);
        this.folder = folder;
        this.process = process;
    }

    /** Starts the daemon in the peer's place of a lab, its addresses on {@code wan} and {@code lan}. */
    public static Charon asPeer(TwoSites sites) {
        sites.peer.ip("addr add " + TwoSites.PEER + "/24 dev wan\naddr add " + TwoSites.PEER_LAN
                + "/24 dev lan\nroute add default via " + TwoSites.ROUTER_FAR);
        return startSite(sites.lab(), sites.peer);
    }

    /** Starts the daemon in the gateway's place: strongSwan on both ends, for comparisons. */
    public static Charon asGateway(TwoSites sites) {
        sites.gateway.ip("addr add " + TwoSites.GATEWAY + "/24 dev wan\naddr add " + TwoSites.GATEWAY_LAN
                + "/24 dev lan\nroute add default via " + TwoSites.ROUTER_NEAR);
        return startSite(sites.lab(), sites.gateway);
    }

    private static Charon startSite(Lab lab, Namespace namespace) {
        namespace.sysctl("net.ipv4.conf.wan.rp_filter=0", "net.ipv4.conf.lan.rp_filter=0");
        return start(lab, namespace, Crowd.ONE);
    }

    /** Starts the daemon in a namespace that has its addresses, as responder for thousands. */
    public static Charon asResponder(Lab lab, Namespace namespace) {
        return start(lab, namespace, Crowd.MANY);
    }

    private static Charon start(Lab lab, Namespace namespace, Crowd crowd) {
        // The effective rp_filter is the larger of all's and the device's; default before the TUN appears.
        namespace.sysctl("net.ipv4.ip_forward=1", "net.ipv4.conf.all.rp_filter=0", "net.ipv4.conf.default.rp_filter=0");
        Path folder = lab.folder(namespace.name());
        settings(
                folder,
                "kernel-libipsec",
                folder.resolve("vici").toString(),
                folder.resolve("charon.log").toString(),
                crowd);
        String before = Command.run("sysctl", "-n", RECEIVE_BUFFER).output().strip();
        Command.run("sysctl", "-qw", RECEIVE_BUFFER + "=" + RECEIVE_OCTETS);
        try {
            // Its pid file is compiled in under /run: a private one, so that several can run.
            Process process = namespace.start(
                    folder.resolve("output"),
                    List.of(
                            "unshare",
                            "-m",
                            "sh",
                            "-c",
                            "mount -t tmpfs tmpfs /run && STRONGSWAN_CONF=" + folder + "/strongswan.conf exec "
                                    + DAEMON));
            Charon charon = lab.own(new Charon(folder, process));
            Await.until(
                    "charon answers in " + namespace.name(),
                    Duration.ofSeconds(10),
                    () -> Files.exists(folder.resolve("vici"))
                            && charon.swanctl("--stats").succeeded());
            return charon;
        } finally {
            Command.run("sysctl", "-qw", RECEIVE_BUFFER + "=" + before);
        }
    }

    public long pid() {
        return process.pid();
    }

    @Override
    public Command.Result swanctl(String options) {
        List<String> command = new ArrayList<>(List.of(
                "env",
                "SWANCTL_DIR=" + folder.resolve("swanctl"),
                "STRONGSWAN_CONF=" + folder.resolve("strongswan.conf"),
                "swanctl"));
        List<String> words = List.of(options.split(" ", -1));
        command.add(words.getFirst());
        command.addAll(List.of("--uri", "unix://" + folder.resolve("vici")));
        command.addAll(words.subList(1, words.size()));
        return Command.attempt(command);
    }

    @Override
    public String log() {
        return read(folder.resolve("charon.log"));
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
