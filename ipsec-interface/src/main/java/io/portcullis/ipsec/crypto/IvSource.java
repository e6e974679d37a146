package io.portcullis.ipsec.crypto;

import java.lang.foreign.MemorySegment;

/** Where CBC gets its IVs. */
interface IvSource {
    /** Writes 16 octets that nobody can predict. */
    void next(MemorySegment to, long at);
}
