package io.portcullis.ipsec.tunnel;

import io.portcullis.core.net.AddressSet;
import io.portcullis.core.net.IpAddress;
import io.portcullis.ipsec.ike.iana.DhGroup;
import io.portcullis.ipsec.ike.iana.Prf;
import io.portcullis.ipsec.sa.EspSuite;
import io.portcullis.ipsec.sa.TrafficSelector;
import java.util.List;
import java.util.Optional;

/**
 * A tunnel as negotiation sees it: compiled from an IPsecTunnel object when the configuration is activated, every
 * name resolved. Two equal definitions negotiate the same, so a tunnel whose definition is unchanged is not touched.
 *
 * @param name name of the tunnel interface
 * @param localEndpoint fixed own address, empty: the address of the interface that the route to the peer leaves by
 * @param remoteEndpoints addresses of the peer; empty means any
 * @param initiateTo addresses to try in turn as initiator; empty when this side can only respond
 * @param local selectors of our networks, at least one
 * @param remote selectors of the peer's networks, at least one
 * @param localId identity we present; empty: the local address (type ID_IPV4_ADDR or ID_IPV6_ADDR)
 * @param remoteIds identities accepted from the peer; empty: any
 * @param psk the pre-shared key
 * @param ikeSuites acceptable IKE algorithms in order of preference
 * @param dhGroups acceptable key exchange groups in order of preference, at least one
 * @param espSuites acceptable ESP algorithms in order of preference
 * @param pfsGroups groups for CREATE_CHILD_SA; empty: none
 * @param ikeLifeSeconds lifetime of the IKE SA
 * @param ipsecLifeSeconds lifetime of an IPsec SA
 * @param ipsecLifeKilobytes volume of an IPsec SA, 0 for no limit
 * @param dpdSeconds idle seconds before a liveness check, 0 for never
 * @param autoEstablish brought up at activation and kept up
 * @param natTraversal when UDP encapsulation is used
 * @param replayWindow packets, 0 for off
 * @param extendedSequence offer and accept 64-bit sequence numbers
 */
public record TunnelDefinition(
        String name,
        Optional<IpAddress> localEndpoint,
        AddressSet remoteEndpoints,
        List<IpAddress> initiateTo,
        List<TrafficSelector> local,
        List<TrafficSelector> remote,
        Optional<Identity> localId,
        List<Identity> remoteIds,
        PreSharedKey psk,
        List<IkeSuite> ikeSuites,
        List<DhGroup> dhGroups,
        List<EspSuite> espSuites,
        List<DhGroup> pfsGroups,
        int ikeLifeSeconds,
        int ipsecLifeSeconds,
        long ipsecLifeKilobytes,
        int dpdSeconds,
        boolean autoEstablish,
        NatTraversal natTraversal,
        int replayWindow,
        boolean extendedSequence) {

    /** Algorithms of an IKE SA: an encryption suite and the PRF. */
    public record IkeSuite(EspSuite protection, Prf prf) {}

    /** NATTraversal of an IPsecTunnel. */
    public enum NatTraversal {
        OFF,
        ON,
        ON_IF_NEEDED
    }
}
