package io.portcullis.ipsec;

import io.portcullis.core.event.EventType;
import io.portcullis.core.event.Severity;
import java.util.ArrayList;
import java.util.List;

/** The IPSEC category of the event catalogue. Names in the reference's style; its ids where they are known. */
public final class IpsecEvents {
    /** What every event about an SA starts with. */
    public static final List<String> COMMON =
            List.of("tunnel", "local_endpoint", "remote_endpoint", "local_id", "remote_id");

    public static final EventType IKE_SA_ESTABLISHED = row(
            1_800_100,
            Severity.INFO,
            "ike_sa_established",
            "Both peers are authenticated; IPsec SAs can be set up under this IKE SA.",
            "initiator",
            "algorithms");
    public static final EventType IKE_SA_REKEYED =
            row(1_800_101, Severity.INFO, "ike_sa_rekeyed", "The IKE SA has new keys.", "initiator", "algorithms");
    public static final EventType IKE_SA_DELETED =
            row(1_800_102, Severity.INFO, "ike_sa_deleted", "The IKE SA is gone, with what was under it.", "reason");
    public static final EventType IKE_SA_FAILED = row(
            1_800_103,
            Severity.WARNING,
            "ike_sa_failed",
            "The negotiation of an IKE SA failed. statusmsg says at what; ours and theirs are the values of both sides.",
            "statusmsg",
            "ours",
            "theirs");
    public static final EventType PEER_SILENT = row(
            1_800_104,
            Severity.WARNING,
            "ike_peer_silent",
            "The peer answers no longer; the IKE SA and the IPsec SAs under it are removed.",
            "request");

    public static final EventType TUNNEL_LIMIT_REACHED = row(
            1_800_105,
            Severity.WARNING,
            "maximum_allowed_tunnels_limit_reached",
            "The tunnel is not opened: as many are open as MaxVPNTunnels allows. Rate limited.",
            "allowed");
    public static final EventType TUNNEL_LIMIT_NEAR = new EventType(
            "IPSEC",
            1_800_106,
            Severity.WARNING,
            "maximum_allowed_tunnels_limit_near",
            List.of("open", "allowed"),
            "Nine tenths of the tunnels that MaxVPNTunnels allows are open.");

    public static final EventType IPSEC_SA_ESTABLISHED = row(
            1_800_200,
            Severity.INFO,
            "ipsec_sa_established",
            "Traffic can flow.",
            "local_net",
            "remote_net",
            "spi_in",
            "spi_out",
            "algorithms");
    public static final EventType IPSEC_SA_REKEYED = row(
            1_800_201,
            Severity.INFO,
            "ipsec_sa_rekeyed",
            "An IPsec SA has a successor with new keys.",
            "local_net",
            "remote_net",
            "spi_in",
            "spi_out",
            "algorithms");
    public static final EventType IPSEC_SA_DELETED =
            row(1_800_202, Severity.INFO, "ipsec_sa_deleted", "An IPsec SA is gone.", "spi_in", "spi_out", "reason");
    public static final EventType IPSEC_SA_FAILED = row(
            1_800_203,
            Severity.WARNING,
            "ipsec_sa_failed",
            "The negotiation of an IPsec SA failed. statusmsg says at what.",
            "statusmsg",
            "ours",
            "theirs");

    public static final EventType NO_PROPOSAL_CHOSEN = row(
            1_800_300,
            Severity.WARNING,
            "no_proposal_chosen",
            "The two sides have no algorithms in common. Compare the proposal lists.",
            "statusmsg",
            "ours",
            "theirs");
    public static final EventType TS_UNACCEPTABLE = row(
            1_800_301,
            Severity.WARNING,
            "ts_unacceptable",
            "The two sides have no networks in common. Compare LocalNetwork and RemoteNetwork.",
            "statusmsg",
            "ours",
            "theirs");
    public static final EventType AUTHENTICATION_FAILED = row(
            1_800_302,
            Severity.WARNING,
            "authentication_failed",
            "The pre-shared key or an identity is not what the other side expects.",
            "statusmsg",
            "ours",
            "theirs");

    public static final EventType IKE_INVALID_PAYLOAD = row(
            1_800_400,
            Severity.WARNING,
            "ike_invalid_payload",
            "A message could not be understood or belongs to no SA. Rate limited.",
            "reason");
    public static final EventType COOKIES_DEMANDED = new EventType(
            "IPSEC",
            1_800_401,
            Severity.WARNING,
            "ike_cookies_demanded",
            List.of("half_open"),
            "So many negotiations are half open that initiators must prove their address first.");

    public static final EventType KEY_LOG_FAILED = new EventType(
            "IPSEC",
            1_800_500,
            Severity.WARNING,
            "key_log_failed",
            List.of("file", "reason"),
            "Key logging is on, but this file can not be written.");

    public static final EventType CRYPTO_PROVIDER_NOT_USED = new EventType(
            "IPSEC",
            1_800_600,
            Severity.NOTICE,
            "crypto_provider_not_used",
            List.of("provider", "algorithm", "reason"),
            "A library is missing, has the wrong version, does not suit the processor or computes wrongly. ESP is as "
                    + "safe with another provider, and slower; cryptostat shows by how much.");

    /** All of them, for the catalogue. */
    public static final List<EventType> ALL = List.of(
            IKE_SA_ESTABLISHED,
            IKE_SA_REKEYED,
            IKE_SA_DELETED,
            IKE_SA_FAILED,
            PEER_SILENT,
            TUNNEL_LIMIT_REACHED,
            TUNNEL_LIMIT_NEAR,
            IPSEC_SA_ESTABLISHED,
            IPSEC_SA_REKEYED,
            IPSEC_SA_DELETED,
            IPSEC_SA_FAILED,
            NO_PROPOSAL_CHOSEN,
            TS_UNACCEPTABLE,
            AUTHENTICATION_FAILED,
            IKE_INVALID_PAYLOAD,
            COOKIES_DEMANDED,
            KEY_LOG_FAILED,
            CRYPTO_PROVIDER_NOT_USED);

    private IpsecEvents() {}

    private static EventType row(int id, Severity severity, String name, String help, String... own) {
        List<String> parameters = new ArrayList<>(COMMON);
        parameters.addAll(List.of(own));
        return new EventType("IPSEC", id, severity, name, List.copyOf(parameters), help);
    }
}
