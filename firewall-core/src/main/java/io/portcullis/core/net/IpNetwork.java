package io.portcullis.core.net;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A network in prefix notation. The address is the network's first address: host bits are zero.
 *
 * @param address first address of the network
 * @param prefixLength bits of the prefix in the address's own family, 0..32 or 0..128
 */
public record IpNetwork(IpAddress address, int prefixLength) {
    private static final Pattern LENGTH = Pattern.compile("\\d{1,3}");

    public static final IpNetwork ALL_V4 = new IpNetwork(IpAddress.ANY_V4, 0);
    public static final IpNetwork ALL_V6 = new IpNetwork(IpAddress.ANY_V6, 0);

    /** @throws IllegalArgumentException when the prefix is out of range or host bits are set */
    public IpNetwork {
        if (prefixLength < 0 || prefixLength > address.bits()) {
            throw new IllegalArgumentException("prefix length " + prefixLength + " is not 0.." + address.bits());
        }
        if (!mask(address, prefixLength).equals(address)) {
            throw new IllegalArgumentException(address + "/" + prefixLength + " has host bits set");
        }
    }

    /** The network that this address lies in. */
    public static IpNetwork around(IpAddress address, int prefixLength) {
        return new IpNetwork(mask(address, prefixLength), prefixLength);
    }

    /** The network of one address. */
    public static IpNetwork host(IpAddress address) {
        return new IpNetwork(address, address.bits());
    }

    /** Parses {@code address/length} or a lone address; host bits must be zero. */
    public static Optional<IpNetwork> parse(String text) {
        int slash = text.indexOf('/');
        Optional<IpAddress> address = IpAddress.parse(slash < 0 ? text : text.substring(0, slash));
        if (address.isEmpty()) {
            return Optional.empty();
        }
        String length = slash < 0 ? "" + address.get().bits() : text.substring(slash + 1);
        if (!LENGTH.matcher(length).matches()) {
            return Optional.empty();
        }
        int prefix = Integer.parseInt(length);
        return prefix <= address.get().bits() && mask(address.get(), prefix).equals(address.get())
                ? Optional.of(new IpNetwork(address.get(), prefix))
                : Optional.empty();
    }

    /** A literal known to be right. @throws IllegalArgumentException when it is not */
    public static IpNetwork literal(String text) {
        return parse(text).orElseThrow(() -> new IllegalArgumentException(text + " is not a network"));
    }

    public boolean isV4() {
        return address.isV4();
    }

    public boolean contains(IpAddress other) {
        return other.isV4() == isV4() && mask(other, prefixLength).equals(address);
    }

    public boolean contains(IpNetwork other) {
        return other.prefixLength >= prefixLength && contains(other.address);
    }

    /** First and last address. */
    public IpRange range() {
        return new IpRange(address, last());
    }

    /** The last address. */
    public IpAddress last() {
        int hostBits = address.bits() - prefixLength;
        long lowHost = hostBits >= 64 ? -1L : (1L << hostBits) - 1;
        long highHost = hostBits <= 64 ? 0 : hostBits == 128 ? -1L : (1L << (hostBits - 64)) - 1;
        return new IpAddress(address.high() | highHost, address.low() | lowHost);
    }

    private static IpAddress mask(IpAddress address, int prefixLength) {
        int hostBits = address.bits() - prefixLength;
        long low = hostBits >= 64 ? 0 : address.low() & (-1L << hostBits);
        if (address.isV4()) {
            return new IpAddress(0, address.low() & (-1L << hostBits));
        }
        long high = hostBits <= 64 ? address.high() : hostBits == 128 ? 0 : address.high() & (-1L << (hostBits - 64));
        return new IpAddress(high, low);
    }

    @Override
    public String toString() {
        return address + "/" + prefixLength;
    }
}
