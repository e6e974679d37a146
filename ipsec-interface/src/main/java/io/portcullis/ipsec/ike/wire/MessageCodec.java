package io.portcullis.ipsec.ike.wire;

/**
 * The outer message (RFC 7296 section 3.1): header and chain, the Encrypted payload unopened. The non-ESP marker of
 * port 4500 is not part of it.
 *
 * <p>How to seal: write a message that ends in {@link EncryptedPayload#blank}; in the octets that come out, the last
 * {@code bodyOctets} are that room, and everything before them ({@link #associatedOctets}) is what an AEAD
 * authenticates with (RFC 5282 section 5.1); a separate integrity algorithm covers everything but its own checksum at
 * the very end. Fill both in where they stand. How to open: the same split, on the octets received.
 */
public final class MessageCodec {
    private static final int INITIATOR = 0x08;
    private static final int HIGHER_VERSION = 0x10;
    private static final int RESPONSE = 0x20;
    private static final int MAJOR_VERSION = 2;
    private static final int LENGTH_OFFSET = 24;

    private MessageCodec() {}

    /** Only the header, of any version: what must be known before anything else of a message is believed. */
    public static Header readHeader(byte[] octets) throws MalformedMessage {
        Reader in = new Reader(octets, 0, octets.length, "header");
        long initiatorSpi = in.i64("initiator SPI");
        long responderSpi = in.i64("responder SPI");
        in.u8("next payload");
        int version = in.u8("version");
        int exchangeType = in.u8("exchange type");
        int flags = in.u8("flags");
        int messageId = in.i32("message ID");
        in.i32("length");
        return new Header(
                initiatorSpi,
                responderSpi,
                version >>> 4,
                version & 0xf,
                exchangeType,
                (flags & INITIATOR) != 0,
                (flags & RESPONSE) != 0,
                (flags & HIGHER_VERSION) != 0,
                messageId);
    }

    /**
     * A whole message of major version 2, exactly as long as its header says.
     *
     * @throws MalformedMessage for anything else
     */
    public static Message read(byte[] octets) throws MalformedMessage {
        Header header = readHeader(octets);
        if (header.majorVersion() != MAJOR_VERSION) {
            throw new MalformedMessage(17, "header version", header.majorVersion() + " is not " + MAJOR_VERSION);
        }
        if (header.initiatorSpi() == 0) {
            throw new MalformedMessage(0, "header initiator SPI", "must not be 0");
        }
        int length = new Reader(octets, LENGTH_OFFSET, Header.OCTETS, "header").i32("length");
        if (length != octets.length || length > Limits.MESSAGE_OCTETS) {
            throw new MalformedMessage(
                    LENGTH_OFFSET, "header length", Integer.toUnsignedString(length) + " is not " + octets.length);
        }
        return new Message(header, PayloadChain.read(octets[16] & 0xff, octets, Header.OCTETS));
    }

    /** The octets of a message as it stands. @throws IllegalArgumentException when it was opened or is too long */
    public static byte[] write(Message message) {
        Writer out = new Writer(new byte[1024]);
        write(message, out);
        return out.toArray();
    }

    /** How many octets stand before the body of the Encrypted payload that ends a written message. */
    public static int associatedOctets(byte[] octets, SealedPayload last) {
        return octets.length - last.body().size();
    }

    static void write(Message message, Writer out) {
        if (message.opened()) {
            throw new IllegalArgumentException("an opened message is written by its PayloadChain");
        }
        Writer chain = new Writer(new byte[1024]);
        PayloadChain.write(message.payloads(), chain);
        int length = Header.OCTETS + chain.size();
        if (length > Limits.MESSAGE_OCTETS) {
            throw new IllegalArgumentException("a message of " + length + " octets");
        }
        Header header = message.header();
        out.i64(header.initiatorSpi()).i64(header.responderSpi());
        out.u8(PayloadChain.firstType(message.payloads()));
        out.u8(header.majorVersion() << 4 | header.minorVersion());
        out.u8(header.exchangeType()).u8(flags(header));
        out.i32(header.messageId()).i32(length);
        out.octets(Octets.of(chain.toArray()));
    }

    private static int flags(Header header) {
        return (header.initiator() ? INITIATOR : 0)
                | (header.response() ? RESPONSE : 0)
                | (header.higherVersion() ? HIGHER_VERSION : 0);
    }
}
