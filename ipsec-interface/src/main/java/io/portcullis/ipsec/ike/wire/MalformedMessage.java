package io.portcullis.ipsec.ike.wire;

import java.io.Serial;

/** Octets that are not an IKE message. The peer gets INVALID_SYNTAX where it is authenticated, else silence. */
public final class MalformedMessage extends Exception {
    @Serial
    private static final long serialVersionUID = 1L;

    private final int offset;
    private final String field;

    /**
     * @param offset octets from the start of what was read (a message, or a decrypted chain)
     * @param field the field in the RFC's words, its payload in front: {@code KE length}
     * @param found what was found and what is allowed
     */
    public MalformedMessage(int offset, String field, String found) {
        super(field + " at octet " + offset + ": " + found);
        this.offset = offset;
        this.field = field;
    }

    public int offset() {
        return offset;
    }

    public String field() {
        return field;
    }

    /** Any peer can cause this at any rate, and the place in our code says nothing: no stack trace. */
    @Override
    public Throwable fillInStackTrace() {
        return this;
    }
}
