package io.portcullis.ipsec.tunnel;

import io.portcullis.core.config.Addresses;
import io.portcullis.core.config.Checked;
import io.portcullis.core.config.ConfigError;
import io.portcullis.core.config.Configuration;
import io.portcullis.core.config.Findings;
import io.portcullis.core.config.ObjectType;
import io.portcullis.core.config.Property;
import io.portcullis.core.config.Ref;
import java.util.List;
import java.util.Optional;

/** A tunnel as it is configured. */
@ObjectType(
        value = "IPsecTunnel",
        category = "Interface",
        title = "IPsec tunnel",
        help = "An encrypted connection to another gateway, which routes and policies treat as an interface.",
        ordered = true)
public record IpsecTunnel(
        @Property(help = "Name of the tunnel.", required = true)
        String name,

        @Property(help = "Networks on this side that may use the tunnel.", required = true)
        Addresses localNetwork,

        @Property(help = "Networks behind the peer.", required = true)
        Addresses remoteNetwork,

        @Property(help = "Address or host name of the peer; empty or a network: this side only answers.")
        Optional<Addresses> remoteEndpoint,

        @Property(help = "Own address to use; empty: that of the interface which the route to the peer leaves by.")
        Optional<Addresses> localEndpoint,

        @Property(help = "How both ends prove who they are.", byDefault = "PSK", group = "Authentication")
        AuthMethod authMethod,

        @Property(help = "The pre-shared key.", name = "PSK", refersTo = Psk.class, group = "Authentication")
        Optional<Ref> psk,

        @Property(
                help = "Kind of identity that this side presents; Auto is its own address.",
                name = "LocalIDType",
                byDefault = "Auto",
                group = "Authentication")
        LocalIdType localIdType,

        @Property(help = "The identity itself, unless LocalIDType is Auto.", name = "LocalID", group = "Authentication")
        String localId,

        @Property(
                help = "Identities that the peer may present; empty: any.",
                name = "RemoteID",
                refersTo = IdList.class,
                group = "Authentication")
        Optional<Ref> remoteId,

        @Property(help = "Version of IKE.", name = "IKEVersion", byDefault = "2", group = "IKE")
        IkeVersion ikeVersion,

        @Property(
                help = "Algorithms that may protect the negotiation.",
                name = "IKEAlgorithms",
                byDefault = "High",
                refersTo = IkeAlgorithms.class,
                group = "IKE")
        Ref ikeAlgorithms,

        @Property(
                help = "Key exchange groups in order of preference.",
                name = "DHGroup",
                byDefault = "31,21,20,19,14",
                group = "IKE")
        List<DhGroupNumber> dhGroup,

        @Property(
                help = "Seconds that an IKE SA may live.",
                name = "IKELifeTimeSeconds",
                byDefault = "28800",
                min = 40,
                max = 31_536_000,
                group = "IKE")
        int ikeLifeTimeSeconds,

        @Property(
                help = "Whether the peer is asked for a sign of life when it has been silent.",
                byDefault = "Yes",
                group = "IKE")
        boolean deadPeerDetection,

        @Property(
                help = "Seconds of silence after which it is asked.",
                byDefault = "30",
                min = 1,
                max = 3600,
                group = "IKE")
        int deadPeerDetectionInterval,

        @Property(
                help = "When ESP travels in UDP: never, always, or when there is address translation on the way.",
                name = "NATTraversal",
                byDefault = "OnIfNeeded",
                group = "IKE")
        NatTraversal natTraversal,

        @Property(
                help = "Brings the tunnel up at activation and keeps it up; otherwise the first packet does.",
                byDefault = "No",
                group = "IKE")
        boolean autoEstablish,

        @Property(
                help = "Algorithms that may protect packets.",
                name = "IPsecAlgorithms",
                byDefault = "High",
                refersTo = IpsecAlgorithms.class,
                group = "IPsec")
        Ref ipsecAlgorithms,

        @Property(
                help = "Groups for perfect forward secrecy in order of preference, or None.",
                name = "PFSDHGroup",
                byDefault = "31,21,20,19,14",
                group = "IPsec")
        List<PfsGroupNumber> pfsDhGroup,

        @Property(
                help = "Seconds that an IPsec SA may live.",
                name = "IPsecLifeTimeSeconds",
                byDefault = "3600",
                min = 40,
                max = 31_536_000,
                group = "IPsec")
        int ipsecLifeTimeSeconds,

        @Property(
                help = "Kilobytes that an IPsec SA may carry; 0 for no limit.",
                name = "IPsecLifeTimeKilobytes",
                byDefault = "0",
                min = 0,
                max = 4_000_000_000_000L,
                group = "IPsec")
        long ipsecLifeTimeKilobytes,

        @Property(help = "How packets are wrapped.", byDefault = "Tunnel", group = "IPsec")
        EncapsulationMode encapsulationMode,

        @Property(help = "What an SA is made for.", name = "SetupSAPer", byDefault = "Network", group = "IPsec")
        SaPer setupSaPer,

        @Property(
                help = "Packets by which one may be late before it counts as a replay:"
                        + " a multiple of 64 up to 4096, or 0 for no check.",
                byDefault = "64",
                min = 0,
                max = 4096,
                group = "IPsec")
        int replayWindow,

        @Property(
                help = "Whether 64-bit sequence numbers are used with peers that have them.",
                name = "ESN",
                byDefault = "Yes",
                group = "IPsec")
        boolean esn,

        @Property(
                help = "Longest packet before encryption, octets; empty: computed from the path and the algorithm.",
                name = "PlaintextMTU",
                min = 576,
                max = 65_400,
                group = "IPsec")
        Optional<Integer> plaintextMtu,

        @Property(
                help = "DS field of encrypted packets; empty: the inner packet's. Its two lowest bits are always"
                        + " the inner packet's congestion marks.",
                name = "IPsecDSField",
                min = 0,
                max = 255,
                group = "IPsec")
        Optional<Integer> ipsecDsField,

        @Property(
                help = "Whether a route to the remote networks is added while the tunnel is enabled.",
                byDefault = "Yes",
                group = "Routing")
        boolean autoInterfaceNetworkRoute,

        @Property(help = "Metric of that route.", byDefault = "90", min = 0, max = 65_535, group = "Routing")
        int metric,

        @Property(help = "Remark.") String comments)
        implements Checked {

    /** How both ends prove who they are. */
    public enum AuthMethod {
        PSK
    }

    /** Versions of IKE. */
    public enum IkeVersion {
        V2;

        @Override
        public String toString() {
            return "2";
        }
    }

    /** How packets are wrapped. */
    public enum EncapsulationMode {
        TUNNEL;

        @Override
        public String toString() {
            return "Tunnel";
        }
    }

    /** What an SA is made for. */
    public enum SaPer {
        NETWORK;

        @Override
        public String toString() {
            return "Network";
        }
    }

    /** Kinds of identity that this side presents. */
    public enum LocalIdType {
        AUTO("Auto"),
        IP("IP"),
        DNS("DNS"),
        EMAIL("Email");

        private final String word;

        LocalIdType(String word) {
            this.word = word;
        }

        @Override
        public String toString() {
            return word;
        }
    }

    /** When ESP travels in UDP. */
    public enum NatTraversal {
        OFF("Off", TunnelDefinition.NatTraversal.OFF),
        ON("On", TunnelDefinition.NatTraversal.ON),
        ON_IF_NEEDED("OnIfNeeded", TunnelDefinition.NatTraversal.ON_IF_NEEDED);

        private final String word;
        private final TunnelDefinition.NatTraversal meaning;

        NatTraversal(String word, TunnelDefinition.NatTraversal meaning) {
            this.word = word;
            this.meaning = meaning;
        }

        TunnelDefinition.NatTraversal meaning() {
            return meaning;
        }

        @Override
        public String toString() {
            return word;
        }
    }

    /** @throws ConfigError when properties contradict each other */
    public IpsecTunnel {
        if (replayWindow % 64 != 0) {
            throw new ConfigError("ReplayWindow", replayWindow + " is not a multiple of 64");
        }
        if (dhGroup.isEmpty()) {
            throw new ConfigError("DHGroup", "at least one group is needed");
        }
        if (pfsDhGroup.contains(PfsGroupNumber.NONE) && pfsDhGroup.size() > 1) {
            throw new ConfigError("PFSDHGroup", "None does not go with other groups");
        }
    }

    @Override
    public void check(Configuration configuration, Findings.ForObject findings) {
        new TunnelCheck(this, configuration, findings).run();
    }
}
