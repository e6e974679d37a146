package io.portcullis.rules.classifier;

import io.portcullis.core.iface.NetworkInterface;
import java.util.Arrays;
import java.util.stream.Stream;

/** The interfaces that a rule names, as running interfaces: a test of one number. */
public final class InterfaceSet {
    /** Matches every interface, {@code core} too. */
    public static final String ANY = "any";
    /** The firewall itself. */
    public static final String CORE = "core";

    /** Every interface. */
    public static final InterfaceSet EVERY = new InterfaceSet(true, new int[0]);

    private final boolean isAny;
    private final int[] indexes;

    private InterfaceSet(boolean isAny, int[] indexes) {
        this.isAny = isAny;
        this.indexes = indexes;
    }

    /** These interfaces. */
    public static InterfaceSet of(NetworkInterface... interfaces) {
        return of(false, Arrays.stream(interfaces));
    }

    /** @param any whether it is every interface, whatever else is named */
    static InterfaceSet of(boolean any, Stream<NetworkInterface> interfaces) {
        int[] indexes =
                interfaces.mapToInt(NetworkInterface::index).sorted().distinct().toArray();
        return new InterfaceSet(any, indexes);
    }

    /** Whether the interface of this number is in the set; no allocation. */
    boolean contains(int index) {
        return isAny || Arrays.binarySearch(indexes, index) >= 0;
    }

    boolean covers(InterfaceSet other) {
        if (isAny || other.isAny) {
            return isAny;
        }
        for (int index : other.indexes) {
            if (!contains(index)) {
                return false;
            }
        }
        return true;
    }

    boolean overlaps(InterfaceSet other) {
        return (isAny && !other.isEmpty())
                || (other.isAny && !isEmpty())
                || Arrays.stream(other.indexes).anyMatch(this::contains);
    }

    boolean isEmpty() {
        return !isAny && indexes.length == 0;
    }

    /** Number of one of them; of the firewall itself when they are all. Not for an empty set. */
    int any() {
        return isAny ? 0 : indexes[0];
    }

    boolean isAny() {
        return isAny;
    }

    int[] indexes() {
        return indexes.clone();
    }

    /** Equal are sets of the same interfaces. */
    @Override
    public boolean equals(Object other) {
        return other instanceof InterfaceSet set
                && (isAny ? set.isAny : !set.isAny && Arrays.equals(indexes, set.indexes));
    }

    @Override
    public int hashCode() {
        return isAny ? 1 : Arrays.hashCode(indexes);
    }

    @Override
    public String toString() {
        return isAny ? ANY : Arrays.toString(indexes);
    }
}
