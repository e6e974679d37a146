package io.portcullis.core.packet;

/** Why a packet died; NONE is for those that live. The label is the word in log, console and counters. */
public enum DropReason {
    NONE("none", "The packet lives."),
    SHORT_HEADER("short_header", "The frame ends inside a header."),
    BAD_LENGTH("bad_length", "A length field contradicts the frame."),
    BAD_CHECKSUM("bad_checksum", "A checksum is wrong."),
    BAD_VERSION("bad_version", "The IP version field contradicts the frame type."),
    NOT_FOR_US("not_for_us", "The frame is addressed to another station."),
    UNKNOWN_ETHERTYPE("unknown_ethertype", "The frame carries no protocol handled here."),
    UNKNOWN_VLAN("unknown_vlan", "No interface has this VLAN tag."),
    BAD_OPTIONS("bad_options", "IP or TCP options are malformed or not allowed."),
    BAD_EXTENSION("bad_extension", "The IPv6 extension headers are malformed or not allowed."),
    EXTENSION_ORDER("extension_order", "IPv6 extension headers come twice, or in another order than they must."),
    RESERVED_BITS("reserved_bits", "Bits of the IP or TCP header are set that have no meaning."),
    BAD_FLAGS("bad_flags", "The TCP flags contradict each other."),
    BAD_PORT("bad_port", "A port is zero."),
    ILLEGAL_SOURCE("illegal_source", "The source address can not be a sender's."),
    ILLEGAL_DESTINATION("illegal_destination", "The destination address can not be a receiver's."),
    LAND("land", "Source and destination are the same address."),
    LINK_LOCAL("link_local", "The packet would have left the link that its source or destination address is of."),
    TTL_EXPIRED("ttl_expired", "The time to live is used up."),
    BAD_FRAGMENT("bad_fragment", "A fragment overlaps, is too small, or lies outside a datagram."),
    DUPLICATE_FRAGMENT("duplicate_fragment", "The fragment was received before."),
    FRAGMENTS_FULL("fragments_full", "Too many datagrams are being reassembled."),
    FRAGMENT_TIMEOUT("fragment_timeout", "The missing fragments did not come."),
    ACCESS_DENIED("access_denied", "An access rule, or the reverse route check, refuses the source."),
    NO_ROUTE("no_route", "No route leads to the destination."),
    POLICY_DENIED("policy_denied", "A policy denies the connection."),
    NO_POLICY("no_policy", "No policy allows the connection."),
    NO_NEW_CONNECTION("no_new_connection", "The packet can not open a connection."),
    CONNECTIONS_FULL("connections_full", "The connection table is full."),
    SOURCE_LIMIT("source_limit", "The source has as many connections open as the policy allows it."),
    BAD_STATE("bad_state", "The packet does not fit the state of its connection."),
    TRANSLATION_FULL(
            "translation_full", "No port is free that the connection could leave with, or the NAT pool is used up."),
    FTP_REFUSED(
            "ftp_refused", "An FTP command or reply announces a data connection that is not allowed, or is malformed."),
    FTP_WAITS("ftp_waits", "A segment of an FTP control connection has come too early: its sender repeats it."),
    FTP_FULL("ftp_full", "As many control connections of FTP are open already as are followed."),
    TOO_BIG("too_big", "The packet exceeds the path's MTU and must not be fragmented."),
    NEIGHBOUR_UNKNOWN("neighbour_unknown", "The next hop does not answer ARP or neighbour discovery."),
    NEIGHBOUR_QUEUE_FULL("neighbour_queue_full", "Too many packets wait for the next hop's link address."),
    BAD_NEIGHBOUR_MESSAGE("bad_neighbour_message", "An ARP or neighbour discovery message is malformed or forged."),
    DHCP_REFUSED("dhcp_refused", "A DHCP message answers nothing that was asked, or one of too many."),
    NO_SERVICE("no_service", "Nobody here takes this packet for an own address."),
    TUNNEL_DOWN("tunnel_down", "The tunnel has no SA and could not be brought up."),
    TUNNEL_QUEUE_FULL("tunnel_queue_full", "Enough packets wait for the tunnel already."),
    TUNNEL_LOOP("tunnel_loop", "The packet went through too many tunnels."),
    NO_SELECTOR("no_selector", "The packet fits no traffic selector of the tunnel."),
    SELECTOR_MISMATCH("selector_mismatch", "What the peer encrypted lies outside the SA's traffic selectors."),
    UNKNOWN_SPI("unknown_spi", "No SA has this SPI."),
    REPLAYED("replayed", "The sequence number was seen before or is too old."),
    BAD_ICV("bad_icv", "The integrity check value is wrong."),
    BAD_PADDING("bad_padding", "The decrypted trailer is malformed."),
    BAD_ECN("bad_ecn", "Congestion was marked on a packet whose sender does not understand it (RFC 6040)."),
    TOO_MANY_ERRORS("too_many_errors", "More ICMP errors about encrypted packets came than are heard in a second."),
    SA_EXPIRED("sa_expired", "The SA's hard lifetime or its sequence numbers are used up."),
    DUMMY("dummy", "A dummy packet of traffic flow confidentiality (RFC 4303 section 2.6)."),
    PIPE_FULL("pipe_full", "Enough packets wait in a pipe of the traffic shaping already."),
    IKE_QUEUE_FULL("ike_queue_full", "Negotiation can not keep up with its packets."),
    NO_BUFFER("no_buffer", "All packet buffers are in use."),
    HANDOFF_FULL("handoff_full", "The worker that was to go on with the packet can not keep up."),
    PORT_FULL("port_full", "The device or TUN took no more frames."),
    INTERFACE_DOWN("interface_down", "The egress interface is gone or down."),
    INTERNAL_ERROR("internal_error", "A defect: the packet was contained, one event says where.");

    private final String label;
    private final String help;

    DropReason(String label, String help) {
        this.label = label;
        this.help = help;
    }

    public String label() {
        return label;
    }

    /** One sentence for people. */
    public String help() {
        return help;
    }
}
