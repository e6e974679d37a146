package io.portcullis.ipsec.tunnel;

import io.portcullis.ipsec.ike.iana.DhGroup;
import java.util.Optional;

/** Groups for perfect forward secrecy as operators write them: by number, or None. */
public enum PfsGroupNumber {
    NONE(Optional.empty()),
    G31(Optional.of(DhGroup.CURVE25519)),
    G21(Optional.of(DhGroup.ECP_521)),
    G20(Optional.of(DhGroup.ECP_384)),
    G19(Optional.of(DhGroup.ECP_256)),
    G16(Optional.of(DhGroup.MODP_4096)),
    G15(Optional.of(DhGroup.MODP_3072)),
    G14(Optional.of(DhGroup.MODP_2048));

    private final Optional<DhGroup> group;

    PfsGroupNumber(Optional<DhGroup> group) {
        this.group = group;
    }

    /** The group; empty for None. */
    public Optional<DhGroup> group() {
        return group;
    }

    @Override
    public String toString() {
        return group.map(known -> Integer.toString(known.id())).orElse("None");
    }
}
