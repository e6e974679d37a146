package io.portcullis.ipsec.snoop;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.portcullis.ipsec.ike.wire.Octets;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VendorIdsTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "strongSwan",
                "MS NT5 ISAKMPOAKLEY",
                "MS-Negotiation Discovery Capable",
                "Vid-Initial-Contact",
                "IKE CGA version 1",
                "FRAGMENTATION",
                "CISCO-UNITY",
                "RFC 3947",
                "draft-stenberg-ipsec-nat-traversal-01",
                "draft-stenberg-ipsec-nat-traversal-02",
                "draft-ietf-ipsec-nat-t-ike-00",
                "draft-ietf-ipsec-nat-t-ike-02",
                "draft-ietf-ipsec-nat-t-ike-03",
                "GSSAPI"
            })
    void theDigestOfANameIsThatName(String name) throws GeneralSecurityException {
        byte[] digest = MessageDigest.getInstance("MD5").digest(name.getBytes(StandardCharsets.US_ASCII));
        assertEquals(Optional.of(name), VendorIds.nameOf(Octets.of(digest)));
    }

    /** As the reference's own listing shows them. */
    @ParameterizedTest
    @CsvSource({
        "1e2b516905991c7d7c96fcbfb587e46100000009, MS NT5 ISAKMPOAKLEY",
        "90cb80913ebb696e086381b5ec427b1f, draft-ietf-ipsec-nat-t-ike-02",
        "f758f22668750f03b08df6ebe1d00300, SafeNet QuickSec",
        "afcad71368a1f1c96b8696fc77570100, draft-ietf-ipsec-dpd-00",
        "09002689dfd6b712, XAUTH",
        "464c455856504e2d535550504f52544544, FLEXVPN-SUPPORTED"
    })
    void aKnownIdHasItsName(String digits, String name) {
        assertEquals(Optional.of(name), VendorIds.nameOf(Octets.hex(digits)));
    }

    @Test
    void anUnknownIdHasNone() {
        assertEquals(Optional.empty(), VendorIds.nameOf(Octets.hex("01528bbbc00696121849ab9a1c5b2a5100000001")));
        assertEquals(Optional.empty(), VendorIds.nameOf(Octets.EMPTY));
    }
}
