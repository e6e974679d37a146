package io.portcullis.ipsec.snoop;

import io.portcullis.core.net.IpAddress;
import io.portcullis.ipsec.ike.iana.IdType;
import io.portcullis.ipsec.ike.wire.Octets;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import javax.security.auth.x500.X500Principal;

/** An identity as people write it (RFC 7296 section 3.5). */
final class IdentityText {
    private IdentityText() {}

    static String of(int type, Octets data) {
        Optional<IdType> known = IdType.of(type);
        if (known.isEmpty()) {
            return "" + data;
        }
        return switch (known.get()) {
            case ID_IPV4_ADDR -> data.size() == 4 ? address(data) : "" + data;
            case ID_IPV6_ADDR -> data.size() == 16 ? address(data) : "" + data;
            case ID_FQDN, ID_RFC822_ADDR -> PeerText.of(data);
            case ID_KEY_ID -> PeerText.isAscii(data) ? PeerText.of(data) : "" + data;
            case ID_DER_ASN1_DN -> distinguishedName(data);
            case ID_DER_ASN1_GN, ID_FC_NAME -> "" + data;
            case ID_NULL -> "";
        };
    }

    private static String address(Octets data) {
        return IpAddress.of(data.toArray()).toString();
    }

    private static String distinguishedName(Octets data) {
        try {
            String name = new X500Principal(data.toArray()).toString();
            return PeerText.of(Octets.of(name.getBytes(StandardCharsets.UTF_8)));
        } catch (IllegalArgumentException notAName) {
            return "" + data;
        }
    }
}
