package io.portcullis.ipsec.crypto;

import java.security.GeneralSecurityException;

/** Where CBC gets its IVs. */
interface IvSource {
    /** Fills 16 octets that nobody can predict. */
    void next(byte[] iv) throws GeneralSecurityException;
}
