package io.portcullis.ipsec.ike.wire;

import java.util.List;
import java.util.OptionalInt;

/**
 * One transform of a proposal (RFC 7296 section 3.3.2).
 *
 * @param type IANA "Transform Type Values", 0..255
 * @param id number in the registry of that type, 0..65535
 * @param attributes usually none or the key length
 */
public record Transform(int type, int id, List<TransformAttribute> attributes) {
    public Transform {
        attributes = List.copyOf(attributes);
    }

    /** A transform without attributes. */
    public Transform(int type, int id) {
        this(type, id, List.of());
    }

    /** A transform with a Key Length attribute, in bits. */
    public static Transform withKeyBits(int type, int id, int keyBits) {
        return new Transform(type, id, List.of(TransformAttribute.keyLength(keyBits)));
    }

    /** The key length in bits, if the attribute is there. */
    public OptionalInt keyBits() {
        return attributes.stream()
                .filter(TransformAttribute::isKeyLength)
                .mapToInt(a -> a.value().at(0) << 8 | a.value().at(1))
                .findFirst();
    }

    /** Whether an attribute is there that nobody here understands: such a transform must not be chosen. */
    public boolean hasUnknownAttribute() {
        return attributes.stream().anyMatch(a -> !a.isKeyLength());
    }
}
