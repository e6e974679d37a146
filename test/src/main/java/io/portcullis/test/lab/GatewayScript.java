package io.portcullis.test.lab;

import java.util.ArrayList;
import java.util.List;

/**
 * Configuration of a firewall in one of the places of {@link TwoSites}: its two devices, a tunnel {@code branch} and
 * policies that let everything through it both ways, and pings of the hosts to the firewall. Each method answers a
 * changed copy.
 */
public final class GatewayScript {
    /** Name of the tunnel. */
    public static final String TUNNEL = "branch";

    private final List<String> lines;
    private final String localNetwork;
    private final String remoteNetwork;
    private final String endpoint;
    private final String key;
    private final String tunnelProperties;

    private GatewayScript(
            List<String> lines,
            String localNetwork,
            String remoteNetwork,
            String endpoint,
            String key,
            String tunnelProperties) {
        this.lines = lines;
        this.localNetwork = localNetwork;
        this.remoteNetwork = remoteNetwork;
        this.endpoint = endpoint;
        this.key = key;
        this.tunnelProperties = tunnelProperties;
    }

    /** In the gateway's place. */
    public static GatewayScript gateway(String key) {
        return new GatewayScript(
                devices(
                        TwoSites.GATEWAY_LAN,
                        "172.16.1.0/24",
                        TwoSites.GATEWAY,
                        "198.51.100.0/24",
                        TwoSites.ROUTER_NEAR),
                TwoSites.HOST_NETWORK,
                TwoSites.BRANCH_NETWORK,
                TwoSites.PEER,
                key,
                "");
    }

    /** In the peer's place. */
    public static GatewayScript peer(String key) {
        return new GatewayScript(
                devices(TwoSites.PEER_LAN, "192.168.11.0/24", TwoSites.PEER, "203.0.113.0/24", TwoSites.ROUTER_FAR),
                TwoSites.BRANCH_NETWORK,
                TwoSites.HOST_NETWORK,
                TwoSites.GATEWAY,
                key,
                "");
    }

    /** Only the two Ethernet interfaces {@code lan} and {@code wan}, in the gateway's place. */
    public static String gatewayDevices() {
        return String.join("\n", gateway("unused").lines) + "\n";
    }

    private static List<String> devices(
            String lanAddress, String lanNetwork, String wanAddress, String wanNetwork, String router) {
        List<String> lines = new ArrayList<>(workers());
        String ioMethod = IoMode.current().property();
        lines.add(
                "add Interface Ethernet lan EthernetDevice=lan IP=" + lanAddress + " Network=" + lanNetwork + ioMethod);
        lines.add("add Interface Ethernet wan EthernetDevice=wan IP=" + wanAddress + " Network=" + wanNetwork
                + " DefaultGateway=" + router + ioMethod);
        return List.copyOf(lines);
    }

    /** So that every test runs with so many workers: {@code -Dportcullis.workers=3}. */
    static List<String> workers() {
        int wanted = Integer.getInteger("portcullis.workers", 0);
        return wanted == 0 ? List.of() : List.of("set Settings WorkerSettings Workers=" + wanted);
    }

    public GatewayScript endpoint(String address) {
        return new GatewayScript(lines, localNetwork, remoteNetwork, address, key, tunnelProperties);
    }

    public GatewayScript networks(String local, String remote) {
        return new GatewayScript(lines, local, remote, endpoint, key, tunnelProperties);
    }

    /** More properties of the tunnel, {@code Name=Value} separated by blanks. */
    public GatewayScript tunnel(String properties) {
        return new GatewayScript(
                lines, localNetwork, remoteNetwork, endpoint, key, tunnelProperties + " " + properties);
    }

    /** One more line in front of the tunnel. */
    public GatewayScript line(String line) {
        List<String> more = new ArrayList<>(lines);
        more.add(line);
        return new GatewayScript(List.copyOf(more), localNetwork, remoteNetwork, endpoint, key, tunnelProperties);
    }

    /**
     * Offers only these ESP algorithms: {@code aes128gcm16}, {@code chacha20poly1305} or {@code aes256-sha256}, as
     * strongSwan writes them.
     */
    public GatewayScript algorithms(String suite) {
        String properties = switch (suite) {
            case "aes128gcm16" ->
                "AESEnabled=No AESGCMEnabled=Yes AESGCMMinKeySize=128 AESGCMKeySize=128 AESGCMMaxKeySize=128";
            case "chacha20poly1305" -> "AESEnabled=No AESGCMEnabled=No ChaChaEnabled=Yes";
            case "aes256-sha256" ->
                "AESGCMEnabled=No AESEnabled=Yes AESMinKeySize=256 AESKeySize=256 AESMaxKeySize=256 SHA256Enabled=Yes"
                        + " SHA384Enabled=No SHA512Enabled=No";
            default -> throw new IllegalArgumentException(suite);
        };
        return line("add IPsecAlgorithms only " + properties).tunnel("IPsecAlgorithms=only");
    }

    /** The script. */
    public String text() {
        List<String> all = new ArrayList<>(lines);
        all.add("add PSK key Type=ASCII PSKAscii=" + key);
        all.add("add Interface IPsecTunnel " + TUNNEL + " LocalNetwork=" + localNetwork + " RemoteNetwork="
                + remoteNetwork + " RemoteEndpoint=" + endpoint + " PSK=key" + tunnelProperties);
        all.add("add IPPolicy Name=ping SourceInterface=lan SourceNetwork=lan_net DestinationInterface=core"
                + " DestinationNetwork=lan_ip Service=ping-inbound Action=Allow");
        all.add(policy("out", "lan", localNetwork, TUNNEL, remoteNetwork));
        all.add(policy("in", TUNNEL, remoteNetwork, "lan", localNetwork));
        return String.join("\n", all) + "\n";
    }

    private static String policy(
            String name, String source, String sourceNetwork, String destination, String destinationNetwork) {
        return "add IPPolicy Name=" + name + " SourceInterface=" + source + " SourceNetwork=" + sourceNetwork
                + " DestinationInterface=" + destination + " DestinationNetwork=" + destinationNetwork
                + " Service=all_services Action=Allow";
    }
}
