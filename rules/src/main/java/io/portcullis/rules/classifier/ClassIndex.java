package io.portcullis.rules.classifier;

import io.portcullis.core.net.KeyIntervals;
import io.portcullis.core.net.KeyTrie;

/** The class of a packet's value in one {@link Dimension}; no allocation. */
record ClassIndex(KeyTrie v4, KeyTrie others) {
    /** Class of an address. */
    int ofAddress(long high, long low) {
        return KeyIntervals.isV4(high, low) ? v4.find(low << Integer.SIZE, 0) : others.find(high, low);
    }

    /** Class of a key of another field. */
    int of(long key) {
        return others.find(key, 0);
    }

    /** Octets that look-ups walk through. */
    long size() {
        return v4.size() + others.size();
    }
}
