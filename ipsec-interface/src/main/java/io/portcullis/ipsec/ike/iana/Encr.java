package io.portcullis.ipsec.ike.iana;

import java.util.List;
import java.util.Optional;

/** IANA "Transform Type 1 - Encryption Algorithm Transform IDs": the rows this product can use. */
public enum Encr {
    //          id  wire name            label      key bits                  IV block ICV salt
    AES_CBC(12, "ENCR_AES_CBC", "aes-cbc", List.of(128, 192, 256), 16, 16, 0, 0), // RFC 3602
    AES_GCM_16(20, "ENCR_AES_GCM_16", "aes-gcm", List.of(128, 192, 256), 8, 1, 16, 4), // RFC 4106
    CHACHA20_POLY1305(28, "ENCR_CHACHA20_POLY1305", "chacha20-poly1305", List.of(256), 8, 1, 16, 4); // RFC 7634

    private final int id;
    private final String wireName;
    private final String label;
    private final List<Integer> keyBits;
    private final int ivOctets;
    private final int blockOctets;
    private final int icvOctets;
    private final int saltOctets;

    Encr(
            int id,
            String wireName,
            String label,
            List<Integer> keyBits,
            int ivOctets,
            int blockOctets,
            int icvOctets,
            int saltOctets) {
        this.id = id;
        this.wireName = wireName;
        this.label = label;
        this.keyBits = keyBits;
        this.ivOctets = ivOctets;
        this.blockOctets = blockOctets;
        this.icvOctets = icvOctets;
        this.saltOctets = saltOctets;
    }

    /** The row with this id; values we do not know are legal input. */
    public static Optional<Encr> of(int id) {
        for (Encr row : values()) {
            if (row.id == id) {
                return Optional.of(row);
            }
        }
        return Optional.empty();
    }

    public static String nameOf(int id) {
        return of(id).map(row -> row.wireName).orElseGet(() -> OtherNames.encr(id));
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

    public List<Integer> keyBits() {
        return keyBits;
    }

    public int ivOctets() {
        return ivOctets;
    }

    /** Whether a transform carries the key length: not where there is only one (RFC 7296 section 3.3.5). */
    public boolean namesKeyLength() {
        return keyBits.size() > 1;
    }

    /** What plaintext is padded to, apart from ESP's own multiple of four. */
    public int blockOctets() {
        return blockOctets;
    }

    /** Octets of an AEAD's tag; 0 where integrity is separate. */
    public int icvOctets() {
        return icvOctets;
    }

    public int saltOctets() {
        return saltOctets;
    }

    public boolean isAead() {
        return icvOctets > 0;
    }
}
