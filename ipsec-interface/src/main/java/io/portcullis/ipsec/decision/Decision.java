package io.portcullis.ipsec.decision;

/**
 * One accept or reject on the way of a negotiation. Every one of them is this value; the snoop, {@code ike -why}, the
 * log and the web interface print it and have no opinion of their own.
 *
 * @param stage where in the negotiation
 * @param candidate what was judged: a tunnel's name, {@code proposal 2}, an identity
 * @param criterion by what it was judged: {@code RemoteEndpoint}, {@code ENCR}, {@code TSr}
 * @param expected what this side allows
 * @param came what the peer sent
 * @param verdict the outcome
 */
public record Decision(Stage stage, String candidate, String criterion, String expected, String came, Verdict verdict) {
    public enum Stage {
        TUNNEL_SELECTION,
        IKE_PROPOSAL,
        KEY_EXCHANGE,
        IDENTITY,
        AUTHENTICATION,
        IPSEC_PROPOSAL,
        TRAFFIC_SELECTOR
    }

    public enum Verdict {
        ACCEPTED,
        REJECTED,
        PASSED_OVER
    }
}
