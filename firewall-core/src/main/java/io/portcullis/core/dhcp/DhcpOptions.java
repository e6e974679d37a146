package io.portcullis.core.dhcp;

import static io.portcullis.core.packet.Octets.u8;

import io.portcullis.core.net.IpAddress;
import io.portcullis.core.net.IpNetwork;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The options of one message, by code. An option that comes several times is one whose value is cut (RFC 3396). Values
 * are read as what they must be; a length that can not be is malformed.
 */
final class DhcpOptions {
    private static final int V4_LENGTH = 4;

    private final Map<Integer, byte[]> values = new TreeMap<>();

    /** Reads the options from {@code at} to before {@code end}, or to the end option. */
    void read(MemorySegment b, int at, int end) throws MalformedDhcp {
        int where = at;
        while (where < end) {
            int code = u8(b, where);
            if (code == DhcpOption.PAD) {
                where++;
                continue;
            }
            if (code == DhcpOption.END) {
                return;
            }
            if (where + 1 >= end || where + 2 + u8(b, where + 1) > end) {
                throw new MalformedDhcp(where, "option " + code + " ends behind the message");
            }
            int length = u8(b, where + 1);
            append(code, b.asSlice(where + 2, length).toArray(ValueLayout.JAVA_BYTE));
            where += 2 + length;
        }
    }

    private void append(int code, byte[] more) {
        values.merge(code, more, (before, behind) -> {
            ByteArrayOutputStream both = new ByteArrayOutputStream();
            both.writeBytes(before);
            both.writeBytes(behind);
            return both.toByteArray();
        });
    }

    /** One address. */
    Optional<IpAddress> address(DhcpOption option) throws MalformedDhcp {
        return value(option, V4_LENGTH).map(IpAddress::of);
    }

    /** Addresses, one at least when the option is there. */
    List<IpAddress> addresses(DhcpOption option) throws MalformedDhcp {
        byte[] value = values.get(option.code());
        if (value == null) {
            return List.of();
        }
        if (value.length == 0 || value.length % V4_LENGTH != 0) {
            throw wrong(option, value.length + " octets are no addresses");
        }
        List<IpAddress> addresses = new ArrayList<>();
        for (int i = 0; i < value.length; i += V4_LENGTH) {
            addresses.add(IpAddress.of(Arrays.copyOfRange(value, i, i + V4_LENGTH)));
        }
        return addresses;
    }

    /** An unsigned number of so many octets. */
    Optional<Long> number(DhcpOption option, int octets) throws MalformedDhcp {
        return value(option, octets).map(value -> {
            long number = 0;
            for (byte octet : value) {
                number = number << 8 | (octet & 0xff);
            }
            return number;
        });
    }

    /** Text of which only printable ASCII is left: it is shown to people. */
    Optional<String> text(DhcpOption option) {
        return Optional.ofNullable(values.get(option.code())).map(value -> {
            StringBuilder text = new StringBuilder();
            for (byte octet : value) {
                if (octet >= ' ' && octet <= '~') {
                    text.append((char) octet);
                }
            }
            return text.toString();
        });
    }

    /** The classless routes (RFC 3442): a prefix length, as many octets of the prefix as it needs, and a router. */
    List<LearnedRoute> routes() throws MalformedDhcp {
        byte[] value = values.get(DhcpOption.CLASSLESS_ROUTES.code());
        List<LearnedRoute> routes = new ArrayList<>();
        int at = 0;
        while (value != null && at < value.length) {
            int prefix = value[at++] & 0xff;
            int significant = (prefix + 7) / 8;
            if (prefix > 32 || at + significant + V4_LENGTH > value.length) {
                throw wrong(
                        DhcpOption.CLASSLESS_ROUTES, "a prefix of " + prefix + " bits, or the option ends within it");
            }
            byte[] address = Arrays.copyOf(Arrays.copyOfRange(value, at, at + significant), V4_LENGTH);
            at += significant;
            IpAddress router = IpAddress.of(Arrays.copyOfRange(value, at, at + V4_LENGTH));
            at += V4_LENGTH;
            routes.add(new LearnedRoute(IpNetwork.around(IpAddress.of(address), prefix), router));
        }
        return routes;
    }

    private Optional<byte[]> value(DhcpOption option, int octets) throws MalformedDhcp {
        byte[] value = values.get(option.code());
        if (value != null && value.length != octets) {
            throw wrong(option, value.length + " octets instead of " + octets);
        }
        return Optional.ofNullable(value);
    }

    private static MalformedDhcp wrong(DhcpOption option, String found) {
        return new MalformedDhcp(DhcpCodec.FIXED, "option " + option.code() + ": " + found);
    }
}
