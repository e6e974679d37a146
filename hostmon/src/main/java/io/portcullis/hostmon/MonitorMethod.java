package io.portcullis.hostmon;

/** How a host is asked whether it is there. */
public enum MonitorMethod {
    /** An echo request, whose reply is waited for. */
    ICMP,
    /** A TCP connection is made and ended. */
    TCP,
    /** A page is asked for, and a text looked for in the answer. */
    HTTP;

    Protocol protocol() {
        return Protocol.valueOf(name());
    }
}
