package io.portcullis.ipsec.esp;

import io.portcullis.core.net.IpAddress;
import io.portcullis.core.packet.IpProtocol;
import io.portcullis.core.packet.Packet;
import io.portcullis.ipsec.sa.TrafficSelector;
import java.util.List;

/** One side's traffic selectors of an SA, laid out for comparing every packet. */
final class Selectors {
    /** The packet has no port that could be compared: another protocol, or not the first fragment. */
    static final int NO_PORT = -1;

    private final long[] firstHigh;
    private final long[] firstLow;
    private final long[] lastHigh;
    private final long[] lastLow;
    private final boolean[] v4;
    private final int[] protocol;
    private final int[] firstPort;
    private final int[] lastPort;
    private final boolean addressesOnly;

    Selectors(List<TrafficSelector> selectors) {
        int count = selectors.size();
        firstHigh = new long[count];
        firstLow = new long[count];
        lastHigh = new long[count];
        lastLow = new long[count];
        v4 = new boolean[count];
        protocol = new int[count];
        firstPort = new int[count];
        lastPort = new int[count];
        boolean addresses = true;
        for (int i = 0; i < count; i++) {
            TrafficSelector selector = selectors.get(i);
            IpAddress first = selector.addresses().first();
            IpAddress last = selector.addresses().last();
            firstHigh[i] = first.high();
            firstLow[i] = first.low();
            lastHigh[i] = last.high();
            lastLow[i] = last.low();
            v4[i] = first.isV4();
            protocol[i] = selector.protocol();
            firstPort[i] = selector.firstPort();
            lastPort[i] = selector.lastPort();
            addresses &= protocol[i] == 0 && anyPort(i);
        }
        addressesOnly = addresses;
    }

    /** Whether protocol and ports do not matter, so that a packet's addresses are all that must be known. */
    boolean addressesOnly() {
        return addressesOnly;
    }

    boolean contains(long high, long low, int packetProtocol, int port) {
        for (int i = 0; i < protocol.length; i++) {
            if (inRange(i, high, low) && (protocol[i] == 0 || protocol[i] == packetProtocol) && portFits(i, port)) {
                return true;
            }
        }
        return false;
    }

    /** The port to compare with the selectors of the side that sends; type and code for ICMP (RFC 4301 4.4.1.1). */
    static int sourcePort(Packet packet) {
        return port(packet, packet.sourcePort());
    }

    /** The port to compare with the selectors of the side that receives. */
    static int destinationPort(Packet packet) {
        return port(packet, packet.destinationPort());
    }

    private static int port(Packet packet, int value) {
        if (packet.fragmentOffset() != 0) {
            return NO_PORT;
        }
        return switch (packet.protocol()) {
            case IpProtocol.TCP, IpProtocol.UDP -> value;
            case IpProtocol.ICMP, IpProtocol.ICMPV6 -> packet.destinationPort();
            default -> NO_PORT;
        };
    }

    private boolean portFits(int i, int port) {
        // OPAQUE, first above last, is for packets whose port can not be seen.
        return anyPort(i)
                || (port == NO_PORT ? firstPort[i] > lastPort[i] : firstPort[i] <= port && port <= lastPort[i]);
    }

    private boolean anyPort(int i) {
        return firstPort[i] == 0 && lastPort[i] == 65_535;
    }

    private boolean inRange(int i, long high, long low) {
        // IPv4 addresses are IPv4-mapped numbers: an IPv6 range around them must not contain them.
        boolean isV4 = high == 0 && low >>> 32 == 0xffffL;
        return isV4 == v4[i]
                && compare(firstHigh[i], firstLow[i], high, low) <= 0
                && compare(high, low, lastHigh[i], lastLow[i]) <= 0;
    }

    private static int compare(long high, long low, long otherHigh, long otherLow) {
        int byHigh = Long.compareUnsigned(high, otherHigh);
        return byHigh != 0 ? byHigh : Long.compareUnsigned(low, otherLow);
    }
}
