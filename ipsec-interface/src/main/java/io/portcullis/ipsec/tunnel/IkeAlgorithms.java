package io.portcullis.ipsec.tunnel;

import io.portcullis.core.config.Checked;
import io.portcullis.core.config.Configuration;
import io.portcullis.core.config.Findings;
import io.portcullis.core.config.ObjectType;
import io.portcullis.core.config.Property;
import io.portcullis.ipsec.tunnel.TunnelDefinition.IkeSuite;
import java.util.ArrayList;
import java.util.List;

/** IKE algorithms as they are configured. */
@ObjectType(
        value = "IKEAlgorithms",
        title = "IKE algorithms",
        help = "Algorithms that may protect the negotiation of a tunnel.")
public record IkeAlgorithms(
        @Property(help = "Name of the list.", required = true)
        String name,

        @Property(help = "Allows AES in CBC mode.", name = "AESEnabled", byDefault = "No", group = "Encryption")
        boolean aesEnabled,

        @Property(
                help = "Shortest key, bits: 128, 192 or 256.",
                name = "AESMinKeySize",
                byDefault = "128",
                min = 128,
                max = 256,
                group = "Encryption")
        int aesMinKeySize,

        @Property(
                help = "Preferred key, bits: 128, 192 or 256.",
                name = "AESKeySize",
                byDefault = "256",
                min = 128,
                max = 256,
                group = "Encryption")
        int aesKeySize,

        @Property(
                help = "Longest key, bits: 128, 192 or 256.",
                name = "AESMaxKeySize",
                byDefault = "256",
                min = 128,
                max = 256,
                group = "Encryption")
        int aesMaxKeySize,

        @Property(
                help = "Allows AES in GCM mode, which encrypts and authenticates at once.",
                name = "AESGCMEnabled",
                byDefault = "No",
                group = "Encryption")
        boolean aesGcmEnabled,

        @Property(
                help = "Shortest key, bits: 128, 192 or 256.",
                name = "AESGCMMinKeySize",
                byDefault = "128",
                min = 128,
                max = 256,
                group = "Encryption")
        int aesGcmMinKeySize,

        @Property(
                help = "Preferred key, bits: 128, 192 or 256.",
                name = "AESGCMKeySize",
                byDefault = "256",
                min = 128,
                max = 256,
                group = "Encryption")
        int aesGcmKeySize,

        @Property(
                help = "Longest key, bits: 128, 192 or 256.",
                name = "AESGCMMaxKeySize",
                byDefault = "256",
                min = 128,
                max = 256,
                group = "Encryption")
        int aesGcmMaxKeySize,

        @Property(
                help =
                        "Allows ChaCha20 with Poly1305, which encrypts and authenticates at once; after AES in GCM mode.",
                name = "ChaChaEnabled",
                byDefault = "No",
                group = "Encryption")
        boolean chaChaEnabled,

        @Property(
                help = "Would allow 3DES; not implemented, ignored with a warning.",
                name = "DES3Enabled",
                byDefault = "No",
                group = "Encryption")
        boolean des3Enabled,

        @Property(
                help = "Would allow DES; not implemented, ignored with a warning.",
                name = "DESEnabled",
                byDefault = "No",
                group = "Encryption")
        boolean desEnabled,

        @Property(
                help = "Would allow Blowfish; not implemented, ignored with a warning.",
                name = "BlowfishEnabled",
                byDefault = "No",
                group = "Encryption")
        boolean blowfishEnabled,

        @Property(
                help = "Would allow Twofish; not implemented, ignored with a warning.",
                name = "TwofishEnabled",
                byDefault = "No",
                group = "Encryption")
        boolean twofishEnabled,

        @Property(
                help = "Would allow CAST-128; not implemented, ignored with a warning.",
                name = "CAST128Enabled",
                byDefault = "No",
                group = "Encryption")
        boolean cast128Enabled,

        @Property(
                help = "Allows HMAC-SHA-512 for integrity and as pseudo-random function.",
                name = "SHA512Enabled",
                byDefault = "No",
                group = "Integrity")
        boolean sha512Enabled,

        @Property(
                help = "Allows HMAC-SHA-384 for integrity and as pseudo-random function.",
                name = "SHA384Enabled",
                byDefault = "No",
                group = "Integrity")
        boolean sha384Enabled,

        @Property(
                help = "Allows HMAC-SHA-256 for integrity and as pseudo-random function.",
                name = "SHA256Enabled",
                byDefault = "No",
                group = "Integrity")
        boolean sha256Enabled,

        @Property(
                help = "Allows HMAC-SHA-1 for integrity and as pseudo-random function.",
                name = "SHA1Enabled",
                byDefault = "No",
                group = "Integrity")
        boolean sha1Enabled,

        @Property(
                help = "Would allow HMAC-MD5; not implemented, ignored with a warning.",
                name = "MD5Enabled",
                byDefault = "No",
                group = "Integrity")
        boolean md5Enabled,

        @Property(
                help = "Would allow AES-XCBC; not implemented, ignored with a warning.",
                name = "XCBCEnabled",
                byDefault = "No",
                group = "Integrity")
        boolean xcbcEnabled,

        @Property(help = "Remark.") String comments)
        implements Checked {

    /** @throws io.portcullis.core.config.ConfigError when key sizes are not AES's or out of order */
    public IkeAlgorithms {
        KeySizes.check("AES", aesMinKeySize, aesKeySize, aesMaxKeySize);
        KeySizes.check("AESGCM", aesGcmMinKeySize, aesGcmKeySize, aesGcmMaxKeySize);
    }

    /** The suites of the list, in order of preference; empty when it allows nothing that is implemented. */
    public List<IkeSuite> suites() {
        return AlgorithmSuites.ike(choice());
    }

    /** Enabled properties whose algorithm is not implemented: they change nothing. */
    public List<String> unimplemented() {
        List<String> out = new ArrayList<>();
        Unimplemented.note(des3Enabled, "DES3Enabled", out);
        Unimplemented.note(desEnabled, "DESEnabled", out);
        Unimplemented.note(blowfishEnabled, "BlowfishEnabled", out);
        Unimplemented.note(twofishEnabled, "TwofishEnabled", out);
        Unimplemented.note(cast128Enabled, "CAST128Enabled", out);
        Unimplemented.note(md5Enabled, "MD5Enabled", out);
        Unimplemented.note(xcbcEnabled, "XCBCEnabled", out);
        return out;
    }

    private AlgorithmSuites.Allowed choice() {
        return new AlgorithmSuites.Allowed(
                KeySizes.allowed(aesGcmEnabled, aesGcmMinKeySize, aesGcmKeySize, aesGcmMaxKeySize),
                chaChaEnabled,
                KeySizes.allowed(aesEnabled, aesMinKeySize, aesKeySize, aesMaxKeySize),
                sha512Enabled,
                sha384Enabled,
                sha256Enabled,
                sha1Enabled);
    }

    @Override
    public void check(Configuration configuration, Findings.ForObject findings) {
        if (suites().isEmpty()) {
            findings.error(
                    "",
                    "allows no cipher together with a hash that are implemented: enable AES or AESGCM, and SHA256 for example");
        }
    }
}
