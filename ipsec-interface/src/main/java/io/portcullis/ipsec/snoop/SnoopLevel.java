package io.portcullis.ipsec.snoop;

/** How much of a message is shown. */
public enum SnoopLevel {
    /** One line a message. */
    BRIEF,
    /** Every payload with its fields; the default. */
    VERBOSE
}
