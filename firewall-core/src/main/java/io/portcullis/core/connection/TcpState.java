package io.portcullis.core.connection;

/** Where a TCP connection is, as one can tell from between its ends. */
enum TcpState {
    /** Nothing was seen yet, or the connection is not TCP's. */
    NONE("NONE"),
    /** The opener's SYN was seen. */
    SYN_SENT("SYN_RECV"),
    /** The SYN of the other end was seen too. */
    SYN_RECEIVED("SYNACK_R"),
    ESTABLISHED("TCP_OPEN"),
    /** One end has sent a FIN, or both, and not all is acknowledged. */
    CLOSING("FIN_RECV"),
    /** Both FINs are acknowledged: only repetitions can follow. */
    FINISHED("TIME_WAIT"),
    /** An end has reset the connection. */
    RESET("RST_RECV");

    private final String label;

    TcpState(String label) {
        this.label = label;
    }

    /** The word in listings. */
    String label() {
        return label;
    }

    boolean isOver() {
        return this == FINISHED || this == RESET;
    }

    /** Whether a SYN may still be under way and nothing has been agreed. */
    boolean isOpening() {
        return this == NONE || this == SYN_SENT || this == SYN_RECEIVED;
    }
}
