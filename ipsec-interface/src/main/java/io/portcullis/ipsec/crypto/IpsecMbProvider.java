package io.portcullis.ipsec.crypto;

import io.portcullis.ipsec.ike.iana.Encr;
import io.portcullis.ipsec.sa.EspSuite;
import io.portcullis.ipsec.sa.SecretKeys;

/** AES-GCM by libIPSec_MB, which is several times faster than the JDK on every packet size. */
final class IpsecMbProvider implements CryptoProvider {
    @Override
    public String name() {
        return IpsecMb.about();
    }

    @Override
    public boolean supports(EspSuite suite) {
        return IpsecMb.usable() && suite.encryption() == Encr.AES_GCM_16;
    }

    @Override
    public EspTransform transform(EspSuite suite, SecretKeys keys, boolean extended, CryptoUse use) {
        CryptoProvider.checkKeys(suite, keys);
        return new IpsecMbGcm(keys, extended, use);
    }
}
