package io.portcullis.core.net;

/**
 * One range of addresses onto another of the same size, each address to the one that is as far from the first.
 *
 * @param first of the range that addresses are of
 * @param onto first of the other range, of the same family
 */
public record Transposition(IpAddress first, IpAddress onto) {
    public Transposition {
        if (first.isV4() != onto.isV4()) {
            throw new IllegalArgumentException(first + " and " + onto + " are of different families");
        }
    }

    /** Upper half of what an address of the first range becomes; no allocation. */
    public long high(long high, long low) {
        long borrow = Long.compareUnsigned(low, first.low()) < 0 ? 1 : 0;
        long carry = Long.compareUnsigned(low(low), onto.low()) < 0 ? 1 : 0;
        return onto.high() + (high - first.high() - borrow) + carry;
    }

    /** Lower half of it. */
    public long low(long low) {
        return onto.low() + (low - first.low());
    }

    /** Whether the other one sends each address to the same place, as far as both know it. */
    public boolean agrees(Transposition other) {
        return of(other.first).equals(other.onto);
    }

    /** What an address of the first range becomes. */
    public IpAddress of(IpAddress address) {
        return new IpAddress(high(address.high(), address.low()), low(address.low()));
    }
}
