package io.portcullis.hostmon;

/** Why something does not work, as far as monitors know. */
public enum Cause {
    /** Its interface has no link. */
    LINK,
    /** The next hop does not answer. */
    GATEWAY,
    /** Too few hosts are reachable, or a required one is not. */
    HOSTS
}
