package io.portcullis.test.lab;

/**
 * A strongSwan connection {@code net} with one child {@code net}, written as swanctl.conf.
 *
 * @param localAddress own address
 * @param remoteAddress the other gateway's, or {@code %any}
 * @param localId own identity, empty for the address
 * @param remoteId the other's identity, empty for the address
 * @param ikeProposals strongSwan's notation, comma-separated
 * @param espProposals strongSwan's notation, comma-separated; a group in it asks for PFS when rekeying
 * @param localNetworks traffic selectors, comma-separated
 * @param remoteNetworks traffic selectors, comma-separated
 * @param preSharedKey as text
 */
public record SwanConnection(
        String localAddress,
        String remoteAddress,
        String localId,
        String remoteId,
        String ikeProposals,
        String espProposals,
        String localNetworks,
        String remoteNetworks,
        String preSharedKey) {

    /** The peer site of {@link TwoSites} towards the gateway: identities are the addresses. */
    public static SwanConnection ofPeer(String ikeProposals, String espProposals, String preSharedKey) {
        return new SwanConnection(
                TwoSites.PEER,
                TwoSites.GATEWAY,
                "",
                "",
                ikeProposals,
                espProposals,
                TwoSites.BRANCH_NETWORK,
                TwoSites.HOST_NETWORK,
                preSharedKey);
    }

    /** The gateway's site of {@link TwoSites} towards the peer. */
    public static SwanConnection ofGateway(String ikeProposals, String espProposals, String preSharedKey) {
        return new SwanConnection(
                TwoSites.GATEWAY,
                TwoSites.PEER,
                "",
                "",
                ikeProposals,
                espProposals,
                TwoSites.HOST_NETWORK,
                TwoSites.BRANCH_NETWORK,
                preSharedKey);
    }

    public SwanConnection withRemoteAddress(String address) {
        return new SwanConnection(
                localAddress,
                address,
                localId,
                remoteId,
                ikeProposals,
                espProposals,
                localNetworks,
                remoteNetworks,
                preSharedKey);
    }

    public SwanConnection withIds(String local, String remote) {
        return new SwanConnection(
                localAddress,
                remoteAddress,
                local,
                remote,
                ikeProposals,
                espProposals,
                localNetworks,
                remoteNetworks,
                preSharedKey);
    }

    public SwanConnection withNetworks(String local, String remote) {
        return new SwanConnection(
                localAddress,
                remoteAddress,
                localId,
                remoteId,
                ikeProposals,
                espProposals,
                local,
                remote,
                preSharedKey);
    }

    String swanctl() {
        // Lifetimes far beyond any test: who rekeys, and when, is the test's choice.
        return "connections { net {\n  version = 2\n  mobike = no\n  local_addrs = " + localAddress
                + "\n  remote_addrs = " + remoteAddress + "\n  proposals = " + ikeProposals
                + "\n  rekey_time = 24h\n  local {\n    auth = psk\n" + id(localId)
                + "  }\n  remote {\n    auth = psk\n"
                + id(remoteId) + "  }\n  children { net {\n    local_ts = " + localNetworks + "\n    remote_ts = "
                + remoteNetworks + "\n    esp_proposals = " + espProposals
                + "\n    mode = tunnel\n    rekey_time = 12h\n  } }\n} }\nsecrets { ike-net { secret = \""
                + preSharedKey
                + "\" } }\n";
    }

    private static String id(String id) {
        return id.isEmpty() ? "" : "    id = " + id + "\n";
    }
}
