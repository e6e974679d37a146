package io.portcullis.ipsec.snoop;

import io.portcullis.ipsec.ike.wire.Octets;
import java.util.List;
import java.util.Optional;

/**
 * Vendor IDs that are known. There is no registry; most are the MD5 of their own name, some followed by a version, and
 * some are plain text.
 */
final class VendorIds {
    /** @param prefix hexadecimal; what follows it is a version */
    private record Row(String prefix, String name) {}

    private static final List<Row> ROWS = List.of(
            new Row("882fe56d6fd20dbc2251613b2ebe5beb", "strongSwan"),
            new Row("f758f22668750f03b08df6ebe1d00300", "SafeNet QuickSec"),
            new Row("1e2b516905991c7d7c96fcbfb587e461", "MS NT5 ISAKMPOAKLEY"),
            new Row("fb1de3cdf341b7ea16b7e5be0855f120", "MS-Negotiation Discovery Capable"),
            new Row("26244d38eddb61b3172a36e3d0cfb819", "Vid-Initial-Contact"),
            new Row("e3a5966a76379fe707228231e5ce8652", "IKE CGA version 1"),
            new Row("4048b7d56ebce88525e7de7f00d6c2d3", "FRAGMENTATION"),
            new Row("12f5f28c457168a9702d9fe274cc", "CISCO-UNITY"),
            new Row("09002689dfd6b712", "XAUTH"),
            new Row("afcad71368a1f1c96b8696fc7757", "draft-ietf-ipsec-dpd-00"),
            new Row("4a131c81070358455c5728f20e95452f", "RFC 3947"),
            new Row("27bab5dc01ea0760ea4e3190ac27c0d0", "draft-stenberg-ipsec-nat-traversal-01"),
            new Row("6105c422e76847e43f9684801292aecd", "draft-stenberg-ipsec-nat-traversal-02"),
            new Row("4485152d18b6bbcd0be8a8469579ddcc", "draft-ietf-ipsec-nat-t-ike-00"),
            // The MD5 of the name, and of the name with a line end: both are in use.
            new Row("cd60464335df21f87cfdb2fc68b6a448", "draft-ietf-ipsec-nat-t-ike-02"),
            new Row("90cb80913ebb696e086381b5ec427b1f", "draft-ietf-ipsec-nat-t-ike-02"),
            new Row("7d9419a65310ca6f2c179d9215529d56", "draft-ietf-ipsec-nat-t-ike-03"),
            new Row("621b04bb09882ac1e15935fefa24aeee", "GSSAPI"));

    private VendorIds() {}

    /** Who or what a vendor ID stands for; one that is text stands for itself. */
    static Optional<String> nameOf(Octets id) {
        String digits = id.toString();
        for (Row row : ROWS) {
            if (digits.startsWith(row.prefix)) {
                return Optional.of(row.name);
            }
        }
        return PeerText.isAscii(id) ? Optional.of(PeerText.of(id)) : Optional.empty();
    }
}
