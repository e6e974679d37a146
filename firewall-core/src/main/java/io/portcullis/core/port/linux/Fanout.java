package io.portcullis.core.port.linux;

/**
 * How packet sockets on one device share its frames: by a hash of the flow that is the same for both directions.
 *
 * @param id of the group, 0..65535
 * @param members of it; 1 for a socket that gets everything
 */
record Fanout(int id, int members) {
    private static final int HASH = 0;
    /** What is sent by one's own machine does not come back, for the group as for a socket. */
    private static final int IGNORE_OUTGOING = 0x4000;

    static final Fanout NONE = new Fanout(0, 1);

    /** The value of PACKET_FANOUT. */
    int option() {
        return id | (HASH | IGNORE_OUTGOING) << 16;
    }
}
