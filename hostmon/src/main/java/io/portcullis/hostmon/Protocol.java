package io.portcullis.hostmon;

/** What a question is asked by. */
public enum Protocol {
    ICMP,
    TCP,
    HTTP,
    /** Of a neighbour: ARP for IPv4. */
    ARP,
    /** Of a neighbour: neighbour discovery for IPv6. */
    ND
}
