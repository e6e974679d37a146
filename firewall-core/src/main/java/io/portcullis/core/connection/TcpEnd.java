package io.portcullis.core.connection;

import static io.portcullis.core.connection.ConnectionStore.END_MARKS;

/**
 * What is known of one end of a TCP connection as a sender: how far it has sent and how far it may. Sequence numbers
 * are compared modulo 2^32. A view of the connection's record.
 */
final class TcpEnd {
    private static final int OPENED = 1;
    private static final int SCALES = 2;
    private static final int FINISHED = 4;
    private static final int FIN_ACKNOWLEDGED = 8;
    private static final int RESTARTING = 16;
    private static final int SCALE_SHIFT = 8;
    private static final int RESTART_SCALE_SHIFT = 12;
    /** RFC 7323 section 2.3: a larger shift counts as 14. */
    private static final int LARGEST_SHIFT = 14;

    private final ConnectionStore store;
    private final Connection connection;
    private final int line;
    private final int restart;

    TcpEnd(ConnectionStore store, Connection connection, boolean original) {
        this.store = store;
        this.connection = connection;
        line = original ? ConnectionStore.ORIGINAL_END : ConnectionStore.REPLY_END;
        restart = original ? ConnectionStore.ORIGINAL_RESTART : ConnectionStore.REPLY_RESTART;
    }

    /** Whether its SYN was seen. */
    boolean opened() {
        return is(OPENED);
    }

    /** Behind the last octet that it sent. */
    int end() {
        return LazyMemory.getInt(connection.at() + line + ConnectionStore.END);
    }

    void end(int sequence) {
        LazyMemory.putInt(connection.at() + line + ConnectionStore.END, sequence);
    }

    /** Behind the last octet that the receiver allowed. */
    int allowed() {
        return LazyMemory.getInt(connection.at() + line + ConnectionStore.ALLOWED);
    }

    void allowed(int sequence) {
        LazyMemory.putInt(connection.at() + line + ConnectionStore.ALLOWED, sequence);
    }

    /** Largest window that it advertised as a receiver, octets; never 0. */
    int maxWindow() {
        return LazyMemory.getInt(connection.at() + line + ConnectionStore.MAX_WINDOW);
    }

    void maxWindow(int octets) {
        LazyMemory.putInt(connection.at() + line + ConnectionStore.MAX_WINDOW, octets);
    }

    /** The highest acknowledgement that it sent. */
    int acknowledged() {
        return LazyMemory.getInt(connection.at() + line + ConnectionStore.ACKNOWLEDGED);
    }

    void acknowledged(int sequence) {
        LazyMemory.putInt(connection.at() + line + ConnectionStore.ACKNOWLEDGED, sequence);
    }

    /** Shift of the windows that it advertises; 0 unless both ends announced one. */
    int scale() {
        return (marks() >>> SCALE_SHIFT) & 0xf;
    }

    void scale(int shift) {
        marks((marks() & ~(0xf << SCALE_SHIFT)) | (shift << SCALE_SHIFT));
    }

    /** Whether its SYN announced a shift. */
    boolean scales() {
        return is(SCALES);
    }

    /** Whether its FIN was seen, whose sequence number ends before {@link #end}. */
    boolean finished() {
        return is(FINISHED);
    }

    void finish() {
        marks(marks() | FINISHED);
    }

    /** Whether the other end acknowledged the FIN. */
    boolean finAcknowledged() {
        return is(FIN_ACKNOWLEDGED);
    }

    void acknowledgeFin() {
        marks(marks() | FIN_ACKNOWLEDGED);
    }

    /** Whether a SYN came in the middle of the connection, as from a host that started anew. */
    boolean restarting() {
        return is(RESTARTING);
    }

    /** Behind that SYN. */
    int restartEnd() {
        return store.aside(connection.number(), restart);
    }

    /** Remembers a SYN in the middle of the connection; the parameters as in {@link #open}. */
    void restart(int newEnd, int window, int shift) {
        store.aside(connection.number(), restart, newEnd);
        LazyMemory.putShort(connection.at() + line + ConnectionStore.RESTART_WINDOW, window);
        int scale = Math.min(Math.max(shift, -1), LARGEST_SHIFT);
        marks((marks() & ~(0xf << RESTART_SCALE_SHIFT)) | ((scale + 1) << RESTART_SCALE_SHIFT) | RESTARTING);
    }

    /** Starts from the SYN that came in the middle. */
    void openRestarted() {
        open(
                restartEnd(),
                LazyMemory.getShort(connection.at() + line + ConnectionStore.RESTART_WINDOW),
                ((marks() >>> RESTART_SCALE_SHIFT) & 0xf) - 1);
    }

    void clear() {
        end(0);
        allowed(0);
        maxWindow(1);
        acknowledged(0);
        marks(0);
    }

    /**
     * Starts from a SYN.
     *
     * @param newEnd behind the SYN and its data
     * @param window as advertised: the window of a SYN is never scaled (RFC 7323 section 2.2)
     * @param shift what it announced, -1 for none
     */
    void open(int newEnd, int window, int shift) {
        end(newEnd);
        allowed(newEnd);
        maxWindow(Math.max(window, 1));
        acknowledged(0);
        int scale = Math.min(Math.max(shift, 0), LARGEST_SHIFT);
        marks(OPENED | (shift >= 0 ? SCALES : 0) | (scale << SCALE_SHIFT));
    }

    static boolean isAfter(int sequence, int other) {
        return sequence - other > 0;
    }

    private boolean is(int mark) {
        return (marks() & mark) != 0;
    }

    private int marks() {
        return LazyMemory.getShort(connection.at() + line + END_MARKS);
    }

    private void marks(int marks) {
        LazyMemory.putShort(connection.at() + line + END_MARKS, marks);
    }
}
