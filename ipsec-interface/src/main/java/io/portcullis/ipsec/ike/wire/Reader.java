package io.portcullis.ipsec.ike.wire;

/** Reads a slice of octets from front to back; every read names its field and is checked against the slice. */
final class Reader {
    private final byte[] octets;
    private final int end;
    private final String payload;
    private int at;

    Reader(byte[] octets, int from, int to, String payload) {
        this.octets = octets;
        this.at = from;
        this.end = to;
        this.payload = payload;
    }

    /** Octets not yet read. */
    int left() {
        return end - at;
    }

    /** Where the next read happens, from the start of the message. */
    int offset() {
        return at;
    }

    int u8(String field) throws MalformedMessage {
        return (int) number(1, field);
    }

    int u16(String field) throws MalformedMessage {
        return (int) number(2, field);
    }

    int u24(String field) throws MalformedMessage {
        return (int) number(3, field);
    }

    int i32(String field) throws MalformedMessage {
        return (int) number(4, field);
    }

    long i64(String field) throws MalformedMessage {
        return number(8, field);
    }

    Octets octets(int count, String field) throws MalformedMessage {
        need(count, field);
        at += count;
        return Octets.of(octets, at - count, at);
    }

    Octets rest() {
        int from = at;
        at = end;
        return Octets.of(octets, from, end);
    }

    /** The next octets as a reader of their own, named for its errors. */
    Reader slice(int count, String field, String name) throws MalformedMessage {
        need(count, field);
        at += count;
        return new Reader(octets, at - count, at, name);
    }

    /** Refuses octets left over. */
    void end() throws MalformedMessage {
        if (at != end) {
            throw malformed("end", (end - at) + " octets too many");
        }
    }

    /** The fault at the next octet to be read. */
    MalformedMessage malformed(String field, String found) {
        return new MalformedMessage(at, payload + " " + field, found);
    }

    private long number(int count, String field) throws MalformedMessage {
        need(count, field);
        long value = 0;
        for (int i = 0; i < count; i++) {
            value = value << 8 | (octets[at++] & 0xff);
        }
        return value;
    }

    private void need(int count, String field) throws MalformedMessage {
        if (count < 0) {
            throw malformed(field, "shorter than what it includes");
        }
        if (count > end - at) {
            throw malformed(field, "needs " + count + " octets, " + (end - at) + " are left");
        }
    }
}
