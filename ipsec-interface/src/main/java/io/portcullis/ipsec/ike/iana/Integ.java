package io.portcullis.ipsec.ike.iana;

import java.util.Locale;
import java.util.Optional;

/** IANA "Transform Type 3 - Integrity Algorithm Transform IDs": the rows this product can use. */
public enum Integ {
    NONE(0, "NONE", "none", "", 0, 0),
    HMAC_SHA1_96(2, "AUTH_HMAC_SHA1_96", "hmac-sha1-96", "HmacSHA1", 20, 12), // RFC 2404
    HMAC_SHA2_256_128(12, "AUTH_HMAC_SHA2_256_128", "hmac-sha2-256-128", "HmacSHA256", 32, 16), // RFC 4868
    HMAC_SHA2_384_192(13, "AUTH_HMAC_SHA2_384_192", "hmac-sha2-384-192", "HmacSHA384", 48, 24),
    HMAC_SHA2_512_256(14, "AUTH_HMAC_SHA2_512_256", "hmac-sha2-512-256", "HmacSHA512", 64, 32);

    private final int id;
    private final String wireName;
    private final String label;
    private final String jcaName;
    private final int keyOctets;
    private final int icvOctets;

    Integ(int id, String wireName, String label, String jcaName, int keyOctets, int icvOctets) {
        this.id = id;
        this.wireName = wireName;
        this.label = label;
        this.jcaName = jcaName;
        this.keyOctets = keyOctets;
        this.icvOctets = icvOctets;
    }

    public static Optional<Integ> of(int id) {
        for (Integ row : values()) {
            if (row.id == id) {
                return Optional.of(row);
            }
        }
        return Optional.empty();
    }

    public static String nameOf(int id) {
        return of(id).map(row -> row.wireName).orElseGet(() -> OtherNames.integ(id));
    }

    public int id() {
        return id;
    }

    public String wireName() {
        return wireName;
    }

    public String label() {
        return label;
    }

    /** Name of the hash below the HMAC in lower case, {@code sha256} for example. */
    public String hashName() {
        return jcaName.substring("Hmac".length()).toLowerCase(Locale.ROOT);
    }

    /** Name of the MAC for {@code javax.crypto.Mac}. */
    public String jcaName() {
        return jcaName;
    }

    public int keyOctets() {
        return keyOctets;
    }

    /** Octets of the truncated MAC on the wire. */
    public int icvOctets() {
        return icvOctets;
    }
}
