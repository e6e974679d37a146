package io.portcullis.ipsec.tunnel;

import io.portcullis.ipsec.ike.iana.DhGroup;

/** Key exchange groups as operators write them: by number. */
public enum DhGroupNumber {
    G31(DhGroup.CURVE25519),
    G21(DhGroup.ECP_521),
    G20(DhGroup.ECP_384),
    G19(DhGroup.ECP_256),
    G16(DhGroup.MODP_4096),
    G15(DhGroup.MODP_3072),
    G14(DhGroup.MODP_2048);

    private final DhGroup group;

    DhGroupNumber(DhGroup group) {
        this.group = group;
    }

    public DhGroup group() {
        return group;
    }

    @Override
    public String toString() {
        return Integer.toString(group.id());
    }
}
