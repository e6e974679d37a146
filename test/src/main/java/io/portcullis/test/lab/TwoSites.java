package io.portcullis.test.lab;

/**
 * Two sites and the Internet between them, all veth at MTU 1500:
 *
 * <pre>
 *   host            gateway                  router                      peer            branch
 *   172.16.1.10 --- lan  wan --------------- isp  net ------------------ wan  lan ------ 192.168.11.10
 *                   .1   198.51.100.2        .1   203.0.113.254          .1   .1
 * </pre>
 *
 * The devices of {@code gateway} have no kernel addresses: they are the firewall's own. {@code peer} has none either
 * until a {@link Charon} or a {@link Guest} takes them.
 */
public final class TwoSites implements AutoCloseable {
    public static final String HOST = "172.16.1.10";
    public static final String GATEWAY_LAN = "172.16.1.1";
    public static final String GATEWAY = "198.51.100.2";
    public static final String ROUTER_NEAR = "198.51.100.1";
    public static final String ROUTER_FAR = "203.0.113.254";
    public static final String PEER = "203.0.113.1";
    public static final String PEER_LAN = "192.168.11.1";
    public static final String BRANCH = "192.168.11.10";
    public static final String HOST_NETWORK = "172.16.1.0/24";
    public static final String BRANCH_NETWORK = "192.168.11.0/24";

    /** Who, if anybody, is hidden behind the router's own address. */
    public enum Translation {
        NONE,
        GATEWAY_HIDDEN,
        PEER_HIDDEN
    }

    private final Lab lab;
    public final Namespace host;
    public final Namespace gateway;
    public final Namespace router;
    public final Namespace peer;
    public final Namespace branch;

    private TwoSites(Lab lab, boolean offload) {
        this.lab = lab;
        host = lab.namespace("host");
        gateway = lab.namespace("gateway");
        router = lab.namespace("router");
        peer = lab.namespace("peer");
        branch = lab.namespace("branch");
        boolean taken = IoMode.current().offload(offload);
        lab.wire(gateway, "lan", host, "eth0", taken);
        lab.wire(gateway, "wan", router, "isp", taken);
        lab.wire(peer, "wan", router, "net", taken);
        lab.wire(peer, "lan", branch, "eth0", taken);
        host.ip("addr add " + HOST + "/24 dev eth0\nroute add default via " + GATEWAY_LAN);
        branch.ip("addr add " + BRANCH + "/24 dev eth0\nroute add default via " + PEER_LAN);
        router.ip("addr add " + ROUTER_NEAR + "/24 dev isp\naddr add " + ROUTER_FAR + "/24 dev net");
        router.sysctl("net.ipv4.ip_forward=1");
    }

    /**
     * The wires and the hosts; frames stay at 1500 octets with complete checksums, unless {@link IoMode} is another.
     */
    public static TwoSites open() {
        return open(false);
    }

    /** As {@link #open()}; with {@code offload} the veth pairs keep what the kernel gives them. */
    public static TwoSites open(boolean offload) {
        Lab lab = Lab.open();
        try {
            return new TwoSites(lab, offload);
        } catch (RuntimeException e) {
            lab.close();
            throw e;
        }
    }

    public Lab lab() {
        return lab;
    }

    /** Makes the router hide one side, ports rewritten at random, unsolicited packets to it refused; or nobody. */
    public void translate(Translation translation) {
        String inside = translation == Translation.GATEWAY_HIDDEN ? "isp" : "net";
        String outside = translation == Translation.GATEWAY_HIDDEN ? "net" : "isp";
        String rules = "table ip lab {\n"
                + "  chain forward { type filter hook forward priority 0; policy drop;\n"
                + "    ct state established,related accept\n    iifname \"" + inside + "\" accept\n  }\n"
                + "  chain post { type nat hook postrouting priority 100; oifname \"" + outside
                + "\" masquerade random; }\n}\n";
        // Declared and deleted first, so that it is no error when there is none yet.
        router.nft("table ip lab\ndelete table ip lab\n" + (translation == Translation.NONE ? "" : rules));
    }

    /** The address under which the peer sees the gateway. */
    public static String gatewaySeen(Translation translation) {
        return translation == Translation.GATEWAY_HIDDEN ? ROUTER_FAR : GATEWAY;
    }

    /** The address under which the gateway sees the peer. */
    public static String peerSeen(Translation translation) {
        return translation == Translation.PEER_HIDDEN ? ROUTER_NEAR : PEER;
    }

    @Override
    public void close() {
        lab.close();
    }
}
