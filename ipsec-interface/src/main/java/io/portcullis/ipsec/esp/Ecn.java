package io.portcullis.ipsec.esp;

/** Explicit congestion notification through a tunnel (RFC 6040): the two low bits of TOS and traffic class. */
final class Ecn {
    static final int NOT_ECT = 0;
    static final int ECT_1 = 1;
    static final int ECT_0 = 2;
    static final int CE = 3;

    /** {@link #decapsulate}: congestion was marked on a packet whose sender would not hear of it. */
    static final int DROP = -1;

    // Section 4.2, figure 4; rows inner, columns outer.
    private static final int[][] INNER_OUTER = {
        {NOT_ECT, NOT_ECT, NOT_ECT, DROP},
        {ECT_1, ECT_1, ECT_1, CE},
        {ECT_0, ECT_1, ECT_0, CE},
        {CE, CE, CE, CE},
    };

    private Ecn() {}

    /** The inner packet's field after decapsulation, or {@link #DROP}. */
    static int decapsulate(int inner, int outer) {
        return INNER_OUTER[inner & 3][outer & 3];
    }
}
