package io.portcullis.ipsec.ike.crypto;

import io.portcullis.ipsec.ike.iana.Encr;
import io.portcullis.ipsec.ike.iana.Prf;
import io.portcullis.ipsec.sa.EspSuite;
import io.portcullis.ipsec.sa.SecretKeys;
import java.nio.ByteBuffer;

/**
 * The seven secrets of an IKE SA (RFC 7296 section 2.14). Never printed; the key log of the engine is handed
 * {@link #initiator} and {@link #responder} explicitly.
 */
public final class IkeKeys {
    private final Prf prf;
    private final EspSuite protection;
    private final byte[] derive;
    private final SecretKeys initiator;
    private final SecretKeys responder;
    private final byte[] authInitiator;
    private final byte[] authResponder;

    private IkeKeys(Prf prf, EspSuite protection, byte[] keySeed, byte[] noncesAndSpis) {
        this.prf = prf;
        this.protection = protection;
        Encr encr = protection.encryption();
        int keyOctets = protection.keyBits() / 8;
        int integOctets = protection.integrity().keyOctets();
        int sealOctets = keyOctets + encr.saltOctets();
        int total = 3 * prf.octets() + 2 * integOctets + 2 * sealOctets;
        ByteBuffer stream = ByteBuffer.wrap(PrfFunction.expand(prf, keySeed, noncesAndSpis, total));
        derive = take(stream, prf.octets());
        byte[] integInitiator = take(stream, integOctets);
        byte[] integResponder = take(stream, integOctets);
        initiator = new SecretKeys(take(stream, keyOctets), take(stream, encr.saltOctets()), integInitiator);
        responder = new SecretKeys(take(stream, keyOctets), take(stream, encr.saltOctets()), integResponder);
        authInitiator = take(stream, prf.octets());
        authResponder = take(stream, prf.octets());
    }

    /** Keys of a first IKE SA: SKEYSEED = prf(Ni | Nr, g^ir) (RFC 7296 section 2.14). */
    public static IkeKeys first(
            Prf prf, EspSuite protection, byte[] shared, byte[] ni, byte[] nr, long spiI, long spiR) {
        return new IkeKeys(
                prf, protection, PrfFunction.prf(prf, join(ni, nr), shared), join(ni, nr, octets(spiI), octets(spiR)));
    }

    /**
     * Keys of the IKE SA that replaces this one: SKEYSEED = prf(SK_d (old), g^ir (new) | Ni | Nr) with the old SA's
     * PRF (RFC 7296 section 2.18).
     */
    public IkeKeys rekeyed(
            Prf newPrf, EspSuite newProtection, byte[] shared, byte[] ni, byte[] nr, long spiI, long spiR) {
        byte[] keySeed = PrfFunction.prf(prf, derive, shared, ni, nr);
        return new IkeKeys(newPrf, newProtection, keySeed, join(ni, nr, octets(spiI), octets(spiR)));
    }

    /**
     * Keys of a child SA (RFC 7296 section 2.17).
     *
     * @param shared result of the child's own key exchange, empty without one
     */
    public ChildKeys child(EspSuite suite, byte[] shared, byte[] ni, byte[] nr) {
        int keyOctets = suite.keyBits() / 8;
        int saltOctets = suite.encryption().saltOctets();
        int integOctets = suite.integrity().keyOctets();
        int total = 2 * (keyOctets + saltOctets + integOctets);
        ByteBuffer stream = ByteBuffer.wrap(PrfFunction.expand(prf, derive, join(shared, ni, nr), total));
        SecretKeys fromInitiator =
                new SecretKeys(take(stream, keyOctets), take(stream, saltOctets), take(stream, integOctets));
        SecretKeys fromResponder =
                new SecretKeys(take(stream, keyOctets), take(stream, saltOctets), take(stream, integOctets));
        return new ChildKeys(fromInitiator, fromResponder);
    }

    /**
     * Keys of a pair of child SAs.
     *
     * @param initiator protect what the initiator of the exchange sends
     * @param responder protect what the responder of the exchange sends
     */
    public record ChildKeys(SecretKeys initiator, SecretKeys responder) {}

    /**
     * The data of an AUTH payload by pre-shared key (RFC 7296 section 2.15).
     *
     * @param byInitiator whose AUTH it is
     * @param psk the pre-shared key
     * @param firstMessage that peer's IKE_SA_INIT message, all octets of it
     * @param otherNonce the nonce of the other peer
     * @param idBody body of that peer's ID payload, without the generic header
     */
    public byte[] pskAuth(boolean byInitiator, byte[] psk, byte[] firstMessage, byte[] otherNonce, byte[] idBody) {
        byte[] maced = PrfFunction.prf(prf, byInitiator ? authInitiator : authResponder, idBody);
        byte[] padded = PrfFunction.prf(prf, psk, KEY_PAD);
        return PrfFunction.prf(prf, padded, firstMessage, otherNonce, maced);
    }

    private static final byte[] KEY_PAD = "Key Pad for IKEv2".getBytes(java.nio.charset.StandardCharsets.US_ASCII);

    /** SK_ei, SK_ai: protect what the original initiator sends. */
    public SecretKeys initiator() {
        return initiator;
    }

    /** SK_er, SK_ar: protect what the original responder sends. */
    public SecretKeys responder() {
        return responder;
    }

    public EspSuite protection() {
        return protection;
    }

    public Prf prf() {
        return prf;
    }

    /** SK_d, SK_pi and SK_pr for the tests' vectors, in that order. */
    byte[][] others() {
        return new byte[][] {derive.clone(), authInitiator.clone(), authResponder.clone()};
    }

    @Override
    public String toString() {
        return "IkeKeys[" + protection + ", " + prf + "]";
    }

    private static byte[] take(ByteBuffer from, int octets) {
        byte[] out = new byte[octets];
        from.get(out);
        return out;
    }

    private static byte[] octets(long spi) {
        return ByteBuffer.allocate(8).putLong(spi).array();
    }

    private static byte[] join(byte[]... parts) {
        int total = 0;
        for (byte[] part : parts) {
            total += part.length;
        }
        ByteBuffer out = ByteBuffer.allocate(total);
        for (byte[] part : parts) {
            out.put(part);
        }
        return out.array();
    }
}
