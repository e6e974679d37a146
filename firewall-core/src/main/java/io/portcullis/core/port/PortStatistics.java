package io.portcullis.core.port;

/**
 * Frames that came and never became packets, since the port was opened.
 *
 * @param full lost because the ring or buffer had no room: the worker was too slow
 * @param unusable longer than the method can take, or described by a header that contradicts it
 */
public record PortStatistics(long full, long unusable) {
    public static final PortStatistics NONE = new PortStatistics(0, 0);

    public PortStatistics plus(PortStatistics other) {
        return new PortStatistics(full + other.full, unusable + other.unusable);
    }
}
