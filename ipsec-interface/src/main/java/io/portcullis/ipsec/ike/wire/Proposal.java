package io.portcullis.ipsec.ike.wire;

import java.util.List;

/**
 * One proposal of an SA payload (RFC 7296 section 3.3.1).
 *
 * @param number 0..255; the first of a request is 1, an answer repeats the chosen one's
 * @param protocol IANA "Security Protocol Identifiers", 0..255
 * @param spi the sender's inbound SPI: empty or 8 octets for IKE, 4 for ESP and AH
 * @param transforms in the order of the wire
 */
public record Proposal(int number, int protocol, Octets spi, List<Transform> transforms) {
    public Proposal {
        transforms = List.copyOf(transforms);
    }

    /** The transforms of one type, in order of preference. */
    public List<Transform> of(int transformType) {
        return transforms.stream().filter(t -> t.type() == transformType).toList();
    }
}
