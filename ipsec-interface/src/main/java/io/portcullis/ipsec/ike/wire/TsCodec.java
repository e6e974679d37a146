package io.portcullis.ipsec.ike.wire;

import io.portcullis.core.net.IpAddress;
import io.portcullis.core.net.IpRange;
import io.portcullis.ipsec.ike.iana.TsType;
import io.portcullis.ipsec.sa.TrafficSelector;
import java.util.ArrayList;
import java.util.List;

/** RFC 7296 section 3.13. */
final class TsCodec {
    /** Type, protocol and length of a selector. */
    private static final int SELECTOR_HEADER = 4;

    private TsCodec() {}

    static TsPayload read(Reader in, boolean initiator) throws MalformedMessage {
        int count = in.u8("selector count");
        if (count > Limits.TRAFFIC_SELECTORS) {
            throw in.malformed("selector count", count + " is more than " + Limits.TRAFFIC_SELECTORS);
        }
        in.u24("reserved");
        List<TrafficSelector> selectors = new ArrayList<>();
        List<Octets> others = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int type = in.u8("selector type");
            int protocol = in.u8("selector protocol");
            int length = in.u16("selector length");
            Reader body = in.slice(length - SELECTOR_HEADER, "selector length", "TS selector");
            if (type == TsType.TS_IPV4_ADDR_RANGE.id()) {
                selectors.add(readRange(body, protocol, 4));
            } else if (type == TsType.TS_IPV6_ADDR_RANGE.id()) {
                selectors.add(readRange(body, protocol, 16));
            } else {
                others.add(whole(type, protocol, length, body.rest()));
            }
        }
        in.end();
        return new TsPayload(initiator, selectors, others);
    }

    private static TrafficSelector readRange(Reader in, int protocol, int addressOctets) throws MalformedMessage {
        int firstPort = in.u16("start port");
        int lastPort = in.u16("end port");
        boolean opaque = firstPort == 65_535 && lastPort == 0;
        if (firstPort > lastPort && !opaque) {
            throw in.malformed("end port", lastPort + " is below " + firstPort);
        }
        IpAddress first = readAddress(in, addressOctets, "starting address");
        IpAddress last = readAddress(in, addressOctets, "ending address");
        in.end();
        if (last.compareTo(first) < 0) {
            throw in.malformed("ending address", last + " is below " + first);
        }
        return new TrafficSelector(protocol, firstPort, lastPort, new IpRange(first, last));
    }

    private static IpAddress readAddress(Reader in, int octets, String field) throws MalformedMessage {
        IpAddress address = IpAddress.of(in.octets(octets, field).toArray());
        if (address.isV4() != (octets == 4)) {
            // It would turn into an IPv4 selector that nobody checked as one.
            throw in.malformed(field, "an IPv4-mapped address is not an IPv6 selector");
        }
        return address;
    }

    private static Octets whole(int type, int protocol, int length, Octets body) {
        return Octets.of(new Writer(new byte[length])
                .u8(type)
                .u8(protocol)
                .u16(length)
                .octets(body)
                .toArray());
    }

    static void write(TsPayload payload, Writer out) {
        out.u8(payload.selectors().size() + payload.others().size()).u24(0);
        for (TrafficSelector selector : payload.selectors()) {
            IpRange addresses = selector.addresses();
            boolean v4 = addresses.first().isV4();
            int from = out.size();
            out.u8((v4 ? TsType.TS_IPV4_ADDR_RANGE : TsType.TS_IPV6_ADDR_RANGE).id());
            out.u8(selector.protocol()).u16(0);
            out.u16(selector.firstPort()).u16(selector.lastPort());
            out.octets(Octets.of(addresses.first().octets()));
            out.octets(Octets.of(addresses.last().octets()));
            out.lengthAt(from + 2, from);
        }
        payload.others().forEach(out::octets);
    }
}
