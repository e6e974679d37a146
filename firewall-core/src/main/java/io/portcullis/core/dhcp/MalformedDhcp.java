package io.portcullis.core.dhcp;

import java.io.Serial;

/** Octets that are not a reply of a DHCP server. */
final class MalformedDhcp extends Exception {
    @Serial
    private static final long serialVersionUID = 1L;

    /**
     * @param offset octets from the start of the message
     * @param found the field, what was found and what is allowed
     */
    MalformedDhcp(int offset, String found) {
        super("octet " + offset + ": " + found);
    }

    /** Any station can cause this, and the place in our code says nothing: no stack trace. */
    @Override
    public Throwable fillInStackTrace() {
        return this;
    }
}
