package io.portcullis.core.connection;

/**
 * What is known of one end of a TCP connection as a sender: how far it has sent and how far it may. Sequence numbers
 * are compared modulo 2^32.
 */
final class TcpEnd {
    /** Whether its SYN was seen. */
    boolean opened;
    /** Behind the last octet that it sent. */
    int end;
    /** Behind the last octet that the receiver allowed. */
    int allowed;
    /** Largest window that it advertised as a receiver, octets; never 0. */
    int maxWindow;
    /** Shift of the windows that it advertises; 0 unless both ends announced one. */
    int scale;
    /** Whether its SYN announced a shift. */
    boolean scales;
    /** The highest acknowledgement that it sent. */
    int acknowledged;
    /** Whether its FIN was seen, whose sequence number ends before {@link #end}. */
    boolean finished;
    /** Whether the other end acknowledged the FIN. */
    boolean finAcknowledged;
    /** Whether a SYN came in the middle of the connection, as from a host that started anew. */
    boolean restarting;

    int restartEnd;
    int restartWindow;
    int restartScale;

    void clear() {
        opened = false;
        end = 0;
        allowed = 0;
        maxWindow = 1;
        scale = 0;
        scales = false;
        acknowledged = 0;
        finished = false;
        finAcknowledged = false;
        restarting = false;
        restartEnd = 0;
        restartWindow = 0;
        restartScale = 0;
    }

    /**
     * Starts from a SYN.
     *
     * @param newEnd behind the SYN and its data
     * @param window as advertised: the window of a SYN is never scaled (RFC 7323 section 2.2)
     * @param shift what it announced, -1 for none
     */
    void open(int newEnd, int window, int shift) {
        clear();
        opened = true;
        end = newEnd;
        allowed = newEnd;
        maxWindow = Math.max(window, 1);
        scales = shift >= 0;
        // RFC 7323 section 2.3: a larger shift counts as 14.
        scale = Math.min(Math.max(shift, 0), 14);
    }

    static boolean isAfter(int sequence, int other) {
        return sequence - other > 0;
    }
}
