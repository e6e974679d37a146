package io.portcullis.core.dhcp;

/** IANA "BOOTP Vendor Extensions and DHCP Options": those that this client sends or reads. */
enum DhcpOption {
    SUBNET_MASK(1),
    ROUTER(3),
    DOMAIN_NAME_SERVER(6),
    HOST_NAME(12),
    DOMAIN_NAME(15),
    BROADCAST_ADDRESS(28),
    NTP_SERVERS(42),
    REQUESTED_ADDRESS(50),
    LEASE_TIME(51),
    OVERLOAD(52),
    MESSAGE_TYPE(53),
    SERVER_IDENTIFIER(54),
    PARAMETER_REQUEST_LIST(55),
    MESSAGE(56),
    MAXIMUM_MESSAGE_SIZE(57),
    RENEWAL_TIME(58),
    REBINDING_TIME(59),
    CLIENT_IDENTIFIER(61),
    CLASSLESS_ROUTES(121);

    /** Fills up; has no length. */
    static final int PAD = 0;
    /** Nothing follows; has no length. */
    static final int END = 255;

    private final int code;

    DhcpOption(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }
}
