package io.portcullis.ipsec.decision;

import java.util.regex.Pattern;

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
    private static final Pattern CONTROL = Pattern.compile("[\\p{Cntrl}\\p{Cf}\\u2028\\u2029]");

    /** Where in the negotiation a decision is made. */
    public enum Stage {
        TUNNEL_SELECTION("tunnel selection"),
        IKE_PROPOSAL("IKE proposal"),
        KEY_EXCHANGE("key exchange"),
        IDENTITY("identity"),
        AUTHENTICATION("authentication"),
        IPSEC_PROPOSAL("IPsec proposal"),
        TRAFFIC_SELECTOR("traffic selector");

        private final String words;

        Stage(String words) {
            this.words = words;
        }

        public String words() {
            return words;
        }
    }

    /** How a decision ended. */
    public enum Verdict {
        ACCEPTED("accepted"),
        REJECTED("rejected"),
        PASSED_OVER("passed over");

        private final String words;

        Verdict(String words) {
            this.words = words;
        }

        public String words() {
            return words;
        }
    }

    /**
     * One line for people: {@code IKE proposal: proposal 1, ENCR: expected ENCR_AES_CBC-256, came ENCR_3DES: rejected}.
     * What came is the peer's text: control characters in it become dots.
     */
    public String line() {
        return stage.words() + ": " + candidate + ", " + criterion + ": expected " + expected + ", came "
                + CONTROL.matcher(came).replaceAll(".") + ": " + verdict.words();
    }
}
