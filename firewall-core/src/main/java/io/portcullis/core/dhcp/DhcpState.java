package io.portcullis.core.dhcp;

/** States of a client (RFC 2131 figure 5). */
public enum DhcpState {
    /** Nothing is asked, for a moment. */
    INIT("waits"),
    /** Asks who has an address to lease. */
    SELECTING("looks for a server"),
    /** Has asked for what was offered. */
    REQUESTING("asks for the lease"),
    /** Looks whether anybody has the leased address already (RFC 5227). */
    CHECKING("checks the address"),
    /** The lease holds. */
    BOUND("bound"),
    /** The lease holds, and its server is asked to make it longer. */
    RENEWING("renews"),
    /** The lease holds, and any server is asked to make it longer. */
    REBINDING("asks any server"),
    /** The link was away: whether the lease is one of this link is asked (INIT-REBOOT and REBOOTING of the RFC). */
    REBOOTING("asks again"),
    /** There is nobody to ask: the device is gone. */
    NO_LINK("no link"),
    /** The operator gave the lease back, and wants no other one until he says so. */
    RELEASED("released");

    private final String words;

    DhcpState(String words) {
        this.words = words;
    }

    @Override
    public String toString() {
        return words;
    }
}
