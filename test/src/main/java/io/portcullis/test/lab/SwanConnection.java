package io.portcullis.test.lab;

/**
 * A strongSwan connection {@code net} with one child {@code net}, written as swanctl.conf.
 *
 * @param localAddress own address
 * @param remoteAddress the other gateway's, or {@code %any}
 * @param ikeProposals strongSwan's notation, comma-separated
 * @param espProposals strongSwan's notation, comma-separated; a group in it asks for PFS when rekeying
 * @param localNetworks traffic selectors, comma-separated
 * @param remoteNetworks traffic selectors, comma-separated
 * @param preSharedKey as text
 */
public record SwanConnection(
        String localAddress,
        String remoteAddress,
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
                ikeProposals,
                espProposals,
                TwoSites.HOST_NETWORK,
                TwoSites.BRANCH_NETWORK,
                preSharedKey);
    }

    public SwanConnection withRemoteAddress(String address) {
        return new SwanConnection(
                localAddress, address, ikeProposals, espProposals, localNetworks, remoteNetworks, preSharedKey);
    }

    public SwanConnection withIkeProposals(String proposals) {
        return new SwanConnection(
                localAddress, remoteAddress, proposals, espProposals, localNetworks, remoteNetworks, preSharedKey);
    }

    public SwanConnection withEspProposals(String proposals) {
        return new SwanConnection(
                localAddress, remoteAddress, ikeProposals, proposals, localNetworks, remoteNetworks, preSharedKey);
    }

    public SwanConnection withNetworks(String local, String remote) {
        return new SwanConnection(localAddress, remoteAddress, ikeProposals, espProposals, local, remote, preSharedKey);
    }

    public SwanConnection withKey(String key) {
        return new SwanConnection(
                localAddress, remoteAddress, ikeProposals, espProposals, localNetworks, remoteNetworks, key);
    }

    String swanctl() {
        // Lifetimes far beyond any test: who rekeys, and when, is the test's choice.
        return """
                connections { net {
                  version = 2
                  mobike = no
                  local_addrs = %s
                  remote_addrs = %s
                  proposals = %s
                  rekey_time = 24h
                  local { auth = psk
                  }
                  remote { auth = psk
                  }
                  children { net {
                    local_ts = %s
                    remote_ts = %s
                    esp_proposals = %s
                    mode = tunnel
                    rekey_time = 12h
                  } }
                } }
                secrets { ike-net { secret = "%s"
                } }
                """.formatted(
                localAddress, remoteAddress, ikeProposals, localNetworks, remoteNetworks, espProposals, preSharedKey);
    }
}
