package io.portcullis.ipsec.crypto;

import static io.portcullis.ipsec.crypto.EspBurst.HEADER;

import io.portcullis.ipsec.libcrypto.Evp;
import io.portcullis.ipsec.sa.EspSuite;
import io.portcullis.ipsec.sa.SecretKeys;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Reference;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Locale;

/** AES-CBC (RFC 3602) with a truncated HMAC (RFC 2404, RFC 4868) by OpenSSL. */
final class OpensslCbcHmac implements EspTransform {
    private static final int IV = 16;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    // The MAC, how much was written, the upper half of the sequence number.
    private static final long MAC_OCTETS = 64;
    private static final long WRITTEN_AT = 64;
    private static final long HIGH_AT = 72;
    private static final long OCTETS = 80;

    private final KeyMemory memory = new KeyMemory(OCTETS);
    private final int icv;
    private final boolean extended;
    private final IvSource ivs;
    private final CryptoUse use;
    private long sealing;
    private long opening;
    private long mac;

    OpensslCbcHmac(EspSuite suite, SecretKeys keys, boolean extended, IvSource ivs, CryptoUse use) {
        this.extended = extended;
        this.ivs = ivs;
        this.use = use;
        icv = suite.integrity().icvOctets();
        String name = "AES-" + suite.keyBits() + "-CBC";
        byte[] key = keys.encryption();
        sealing = Evp.cipher(name, key, Evp.ENCRYPT);
        opening = Evp.cipher(name, key, Evp.DECRYPT);
        Arrays.fill(key, (byte) 0);
        key = keys.integrity();
        mac = Evp.hmac(suite.integrity().hashName().toUpperCase(Locale.ROOT), key);
        Arrays.fill(key, (byte) 0);
    }

    @Override
    public int ivOctets() {
        return IV;
    }

    @Override
    public int icvOctets() {
        return icv;
    }

    @Override
    public int alignment() {
        return IV;
    }

    @Override
    public void seal(EspBurst burst) {
        try {
            for (int i = 0; i < burst.size(); i++) {
                long esp = burst.address(i, IV, icv, IV);
                int text = burst.text(i);
                ivs.next(burst.buffer(i), burst.at(i) + HEADER);
                crypt(sealing, esp, text);
                authenticate(burst, i, esp);
                MemorySegment.copy(memory.segment(), 0, burst.buffer(i), icvAt(burst, i), icv);
                use.count(text);
            }
        } finally {
            // Addresses keep no memory alive.
            Reference.reachabilityFence(burst);
        }
    }

    @Override
    public void open(EspBurst burst) {
        try {
            for (int i = 0; i < burst.size(); i++) {
                long esp = burst.address(i, IV, icv, IV);
                int text = burst.text(i);
                authenticate(burst, i, esp);
                boolean authentic = matches(burst.buffer(i), icvAt(burst, i));
                if (authentic) {
                    crypt(opening, esp, text);
                }
                burst.authentic(i, authentic);
                use.count(text);
            }
        } finally {
            Reference.reachabilityFence(burst);
        }
    }

    private static long icvAt(EspBurst burst, int index) {
        return burst.at(index) + HEADER + IV + (long) burst.text(index);
    }

    private void crypt(long context, long esp, int text) {
        long written = memory.address() + WRITTEN_AT;
        Evp.begin(context, esp + HEADER);
        long at = esp + HEADER + IV;
        Evp.update(context, at, written, at, text);
    }

    /** The MAC over SPI, sequence number, IV and ciphertext (RFC 4303 section 3.3.2.1). */
    private void authenticate(EspBurst burst, int index, long esp) {
        MemorySegment own = memory.segment();
        long at = memory.address();
        Evp.beginMac(mac);
        Evp.updateMac(mac, esp, HEADER + IV + (long) burst.text(index));
        if (extended) {
            own.set(INT, HIGH_AT, (int) (burst.sequence(index) >>> 32));
            Evp.updateMac(mac, at + HIGH_AT, Integer.BYTES);
        }
        Evp.endMac(mac, at, at + WRITTEN_AT, MAC_OCTETS);
    }

    /** Looks at every octet, so that the time does not tell where the first difference is. */
    private boolean matches(MemorySegment buffer, long at) {
        int difference = 0;
        for (int i = 0; i < icv; i += Integer.BYTES) {
            difference |= memory.segment().get(INT, i) ^ buffer.get(INT, at + i);
        }
        return difference == 0;
    }

    @Override
    public void destroy() {
        Evp.freeCipher(sealing);
        Evp.freeCipher(opening);
        Evp.freeMac(mac);
        sealing = 0;
        opening = 0;
        mac = 0;
        memory.free();
    }
}
