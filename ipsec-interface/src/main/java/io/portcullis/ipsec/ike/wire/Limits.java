package io.portcullis.ipsec.ike.wire;

/**
 * How much of anything one message may hold. The RFC sets most of these no bound; the values are several times what
 * any known implementation sends, so that a hostile message costs no more than an honest one.
 */
final class Limits {
    /** Octets of a message: what UDP can carry. */
    static final int MESSAGE_OCTETS = 65_535;

    static final int PAYLOADS = 128;
    static final int PROPOSALS = 64;
    static final int TRANSFORMS = 128;
    static final int TRANSFORM_ATTRIBUTES = 8;
    static final int TRAFFIC_SELECTORS = 128;
    static final int CONFIGURATION_ATTRIBUTES = 128;
    static final int DELETED_SPIS = 1024;

    private Limits() {}
}
