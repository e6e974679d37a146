package io.portcullis.core.port;

/** How frames of an Ethernet device are exchanged with the operating system. */
public enum IoMethod {
    /** What fits the device: {@link #SUPER_PACKETS} where it has them, else the first of the others that it can. */
    AUTO("Auto"),
    /** Batches of messages with their offload header: frames of up to 64 kB in one piece. */
    SUPER_PACKETS("SuperPackets"),
    /** AF_XDP: frame by frame, the most of them per second. */
    XDP("XDP"),
    /** Packet ring: super-packets as well; a frame may wait for a millisecond. */
    RING("Ring");

    private final String word;

    IoMethod(String word) {
        this.word = word;
    }

    @Override
    public String toString() {
        return word;
    }
}
