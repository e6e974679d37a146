package io.portcullis.ipsec.tunnel;

import io.portcullis.core.config.ObjectTypes;
import io.portcullis.core.config.Schema;
import java.util.List;
import java.util.Map;

/** The configuration objects of this module, for the registry. */
public final class IpsecObjects {
    private IpsecObjects() {}

    /** Types that this module declares. */
    public static List<Class<? extends Record>> types() {
        return List.of(
                IpsecTunnel.class,
                Psk.class,
                IdList.class,
                IdEntry.class,
                IkeAlgorithms.class,
                IpsecAlgorithms.class,
                IpsecSettings.class);
    }

    /**
     * Objects that a new configuration starts with: the lists High and Medium. They are ordinary objects from then on,
     * and no upgrade rewrites them.
     */
    public static List<Record> initial(ObjectTypes types) {
        Schema<IkeAlgorithms> ike = types.of(IkeAlgorithms.class);
        Schema<IpsecAlgorithms> ipsec = types.of(IpsecAlgorithms.class);
        return List.of(
                ike.parse(list("High", "No")),
                ike.parse(list("Medium", "Yes")),
                ipsec.parse(list("High", "No")),
                ipsec.parse(list("Medium", "Yes")));
    }

    private static Map<String, String> list(String name, String older) {
        return Map.ofEntries(
                Map.entry("Name", name),
                Map.entry("AESGCMEnabled", "Yes"),
                Map.entry("AESEnabled", "Yes"),
                Map.entry("DES3Enabled", older),
                Map.entry("SHA512Enabled", "Yes"),
                Map.entry("SHA384Enabled", "Yes"),
                Map.entry("SHA256Enabled", "Yes"),
                Map.entry("SHA1Enabled", older));
    }
}
