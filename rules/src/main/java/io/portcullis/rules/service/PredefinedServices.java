package io.portcullis.rules.service;

import static io.portcullis.rules.service.ServiceTcpUdp.Transport.TCP;
import static io.portcullis.rules.service.ServiceTcpUdp.Transport.TCPUDP;
import static io.portcullis.rules.service.ServiceTcpUdp.Transport.UDP;

import io.portcullis.core.config.Ref;
import java.util.Arrays;
import java.util.List;

/** The services that exist in every configuration; port numbers are IANA's. */
public final class PredefinedServices {
    private static final List<Record> TABLE = List.of(
            protocol("all_services", "0-255", "All IP protocols"),
            ports("all_tcp", TCP, "0-65535", "All TCP ports"),
            ports("all_udp", UDP, "0-65535", "All UDP ports"),
            ports("all_tcpudp", TCPUDP, "0-65535", "All TCP and UDP ports"),
            new ServiceIcmp("all_icmp", MessageTypes.ALL, "8", MessageTypes.ANY_CODE, "All ICMP messages"),
            new ServiceIcmpv6("all_icmpv6", MessageTypes.ALL, "128", MessageTypes.ANY_CODE, "All ICMPv6 messages"),
            group("all_tcpudpicmp", "All TCP, UDP and ICMP", "all_tcpudp", "all_icmp", "all_icmpv6"),
            new ServiceIcmp(
                    "ping-inbound", MessageTypes.SPECIFIC, "8", MessageTypes.ANY_CODE, "Echo requests from outside"),
            new ServiceIcmp(
                    "ping-outbound", MessageTypes.SPECIFIC, "8", MessageTypes.ANY_CODE, "Echo requests to the outside"),
            new ServiceIcmpv6(
                    "ping6-inbound",
                    MessageTypes.SPECIFIC,
                    "128",
                    MessageTypes.ANY_CODE,
                    "ICMPv6 echo requests from outside"),
            new ServiceIcmpv6(
                    "ping6-outbound",
                    MessageTypes.SPECIFIC,
                    "128",
                    MessageTypes.ANY_CODE,
                    "ICMPv6 echo requests to the outside"),
            ports("http", TCP, "80", "HTTP"),
            ports("https", TCP, "443", "HTTP over TLS"),
            ports("http-all", TCP, "80,443", "HTTP, with and without TLS"),
            ports("http-proxy", TCP, "8080", "HTTP to a proxy"),
            ports("quic", UDP, "443", "QUIC, HTTP/3"),
            new ServiceTcpUdp("ftp", TCP, "21", ServiceTcpUdp.ANY_PORT, ServiceTcpUdp.Protocol.FTP, "File transfer"),
            ports("ssh", TCP, "22", "SSH"),
            ports("ssh-in", TCP, "22", "SSH from outside"),
            ports("telnet", TCP, "23", "Telnet"),
            ports("smtp", TCP, "25", "Mail transfer"),
            ports("submission", TCP, "587,465", "Mail submission"),
            ports("pop3", TCP, "110", "Mailbox access"),
            ports("pop3s", TCP, "995", "Mailbox access over TLS"),
            ports("imap", TCP, "143", "Mailbox access"),
            ports("imaps", TCP, "993", "Mailbox access over TLS"),
            ports("dns-tcp", TCP, "53", "Name service over TCP"),
            ports("dns-udp", UDP, "53", "Name service over UDP"),
            group("dns-all", "Name service over TCP and UDP", "dns-tcp", "dns-udp"),
            ports("dhcp", UDP, "67-68", "Address assignment"),
            ports("tftp", UDP, "69", "Trivial file transfer"),
            ports("ntp", UDP, "123", "Time"),
            ports("snmp", UDP, "161", "Network management"),
            ports("snmp-trap", UDP, "162", "Network management, notifications"),
            ports("syslog", UDP, "514", "Log messages"),
            ports("ldap", TCP, "389", "Directory"),
            ports("ldaps", TCP, "636", "Directory over TLS"),
            ports("kerberos", TCPUDP, "88", "Kerberos"),
            ports("radius", UDP, "1812-1813", "RADIUS authentication and accounting"),
            ports("smb", TCP, "445", "Windows file sharing"),
            ports("netbios-ns", UDP, "137", "NetBIOS names"),
            ports("netbios-dgm", UDP, "138", "NetBIOS datagrams"),
            ports("netbios-ssn", TCP, "139", "NetBIOS sessions"),
            group("smb-all", "Windows file sharing", "smb", "netbios-ns", "netbios-dgm", "netbios-ssn"),
            ports("rdp", TCPUDP, "3389", "Remote desktop"),
            ports("sip", TCPUDP, "5060-5061", "Call signalling"),
            ports("ms-sql", TCP, "1433", "SQL server"),
            ports("mysql", TCP, "3306", "SQL server"),
            ports("postgresql", TCP, "5432", "SQL server"),
            ports("ike", UDP, "500", "IPsec negotiation"),
            ports("ike-natt", UDP, "4500", "IPsec negotiation and ESP through address translation"),
            protocol("esp", "50", "IPsec encapsulating security payload"),
            protocol("ah", "51", "IPsec authentication header"),
            group("ipsec-suite", "IPsec: negotiation and data", "ike", "ike-natt", "esp", "ah"),
            ports("l2tp", UDP, "1701", "L2TP"),
            ports("pptp", TCP, "1723", "PPTP, control connection"),
            protocol("gre", "47", "Generic routing encapsulation"),
            protocol("igmp", "2", "Multicast membership"),
            protocol("ospf", "89", "OSPF"),
            ports("bgp", TCP, "179", "BGP"));

    private PredefinedServices() {}

    /** The whole table. */
    public static List<Record> table() {
        return TABLE;
    }

    private static Record ports(String name, ServiceTcpUdp.Transport type, String destinationPorts, String comments) {
        return new ServiceTcpUdp(
                name, type, destinationPorts, ServiceTcpUdp.ANY_PORT, ServiceTcpUdp.Protocol.NONE, comments);
    }

    private static Record protocol(String name, String ipProto, String comments) {
        return new ServiceIpProto(name, ipProto, "", comments);
    }

    private static Record group(String name, String comments, String... members) {
        return new ServiceGroup(name, Arrays.stream(members).map(Ref::new).toList(), comments);
    }
}
