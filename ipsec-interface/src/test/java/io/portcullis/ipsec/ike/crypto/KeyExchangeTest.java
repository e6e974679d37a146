package io.portcullis.ipsec.ike.crypto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.portcullis.ipsec.ike.crypto.KeyExchange.InvalidPublicValue;
import io.portcullis.ipsec.ike.iana.DhGroup;
import java.math.BigInteger;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class KeyExchangeTest {
    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    @ParameterizedTest
    @EnumSource
    void bothSidesAgree(DhGroup group) throws Exception {
        SecureRandom random = new SecureRandom();
        KeyExchange a = KeyExchange.generate(group, random);
        KeyExchange b = KeyExchange.generate(group, random);
        assertEquals(group.publicOctets(), a.publicValue().length);
        assertEquals(group, a.group());
        assertArrayEquals(a.agree(b.publicValue()), b.agree(a.publicValue()));
    }

    @ParameterizedTest
    @EnumSource
    void refusesWrongLengthsAndZeros(DhGroup group) {
        KeyExchange ours = KeyExchange.generate(group, new SecureRandom());
        assertThrows(InvalidPublicValue.class, () -> ours.agree(new byte[group.publicOctets() - 1]));
        assertThrows(InvalidPublicValue.class, () -> ours.agree(new byte[group.publicOctets() + 1]));
        assertThrows(InvalidPublicValue.class, () -> ours.agree(new byte[group.publicOctets()]));
    }

    /** RFC 5903 section 8.1. */
    @Test
    void ecp256() throws Exception {
        ecp(
                DhGroup.ECP_256,
                "C88F01F510D9AC3F70A292DAA2316DE544E9AAB8AFE84049C62A9C57862D1433",
                "DAD0B65394221CF9B051E1FECA5787D098DFE637FC90B9EF945D0C3772581180"
                        + "5271A0461CDB8252D61F1C456FA3E59AB1F45B33ACCF5F58389E0577B8990BB3",
                "D12DFB5289C8D4F81208B70270398C342296970A0BCCB74C736FC7554494BF63"
                        + "56FBF3CA366CC23E8157854C13C58D6AAC23F046ADA30F8353E74F33039872AB",
                "D6840F6B42F6EDAFD13116E0E12565202FEF8E9ECE7DCE03812464D04B9442DE");
    }

    /** RFC 5903 section 8.2. */
    @Test
    void ecp384() throws Exception {
        ecp(
                DhGroup.ECP_384,
                "099F3C7034D4A2C699884D73A375A67F7624EF7C6B3C0F160647B67414DCE655E35B538041E649EE3FAEF896783AB194",
                "667842D7D180AC2CDE6F74F37551F55755C7645C20EF73E31634FE72B4C55EE6DE3AC808ACB4BDB4C88732AEE95F41AA"
                        + "9482ED1FC0EEB9CAFC4984625CCFC23F65032149E0E144ADA024181535A0F38EEB9FCFF3C2C947DAE69B4C634573A81C",
                "E558DBEF53EECDE3D3FCCFC1AEA08A89A987475D12FD950D83CFA41732BC509D0D1AC43A0336DEF96FDA41D0774A3571"
                        + "DCFBEC7AACF3196472169E838430367F66EEBE3C6E70C416DD5F0C68759DD1FFF83FA40142209DFF5EAAD96DB9E6386C",
                "11187331C279962D93D604243FD592CB9D0A926F422E47187521287E7156C5C4D603135569B9E9D09CF5D4A270F59746");
    }

    private static void ecp(DhGroup group, String scalar, String ours, String peer, String secret) throws Exception {
        EcpExchange exchange = EcpExchange.of(group, new BigInteger(scalar, 16), HEX.parseHex(ours));
        assertEquals(ours, HEX.formatHex(exchange.publicValue()));
        if (NativeExchange.serves(group)) {
            NativeExchange quick = NativeExchange.of(group, HEX.parseHex(scalar));
            assertEquals(ours, HEX.formatHex(quick.publicValue()));
            refuses(quick, peer, secret);
        }
        refuses(exchange, peer, secret);
    }

    private static void refuses(KeyExchange exchange, String peer, String secret) throws Exception {
        assertEquals(secret, HEX.formatHex(exchange.agree(HEX.parseHex(peer))));
        byte[] offCurve = HEX.parseHex(peer);
        offCurve[offCurve.length - 1] ^= 1;
        assertThrows(InvalidPublicValue.class, () -> exchange.agree(offCurve));
        byte[] beyondField = HEX.parseHex(peer);
        java.util.Arrays.fill(beyondField, 0, beyondField.length / 2, (byte) 0xff);
        assertThrows(InvalidPublicValue.class, () -> exchange.agree(beyondField));
    }

    /** RFC 7748 section 6.1. */
    @Test
    void curve25519() throws Exception {
        byte[] scalar = HEX.parseHex("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a");
        byte[] value = HEX.parseHex("8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a");
        x25519(CurveExchange.of(scalar, value));
        if (NativeExchange.serves(DhGroup.CURVE25519)) {
            NativeExchange quick = NativeExchange.of(DhGroup.CURVE25519, scalar);
            assertArrayEquals(value, quick.publicValue());
            x25519(quick);
        }
    }

    private static void x25519(KeyExchange alice) throws Exception {
        byte[] bob = HEX.parseHex("de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f");
        String secret = "4A5D9D5BA4CE2DE1728E3BF480350F25E07E21C947D19E3376F09B3C1E161742";
        assertEquals(secret, HEX.formatHex(alice.agree(bob)));
        bob[31] |= (byte) 0x80; // RFC 7748 section 5: ignored
        assertEquals(secret, HEX.formatHex(alice.agree(bob)));
        byte[] smallOrder = HEX.parseHex("e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800");
        assertThrows(InvalidPublicValue.class, () -> alice.agree(smallOrder));
    }

    /** The JDK's values and libcrypto's are the same for any private value. */
    @Test
    void bothImplementationsAgree() throws Exception {
        Random random = new Random(20_260_725);
        System.out.println("KeyExchangeTest: seed 20260725");
        for (DhGroup group : List.of(DhGroup.CURVE25519, DhGroup.ECP_256, DhGroup.ECP_384, DhGroup.ECP_521)) {
            if (!NativeExchange.serves(group)) {
                continue;
            }
            KeyExchange jdk = group == DhGroup.CURVE25519
                    ? CurveExchange.generate(new SecureRandom())
                    : EcpExchange.generate(group, new SecureRandom());
            for (int i = 0; i < 20; i++) {
                byte[] scalar = new byte[group == DhGroup.CURVE25519 ? 32 : group.publicOctets() / 2];
                random.nextBytes(scalar);
                scalar[0] = 0; // below the order of every one of these groups
                scalar[1] &= 0x7f;
                KeyExchange quick = NativeExchange.of(group, scalar);
                assertArrayEquals(jdk.agree(quick.publicValue()), quick.agree(jdk.publicValue()), group::toString);
            }
        }
    }

    /** RFC 3526: p = 2^n - 2^(n-64) - 1 + 2^64 * ([2^(n-130) pi] + c). */
    @Test
    void primesAreThoseOfTheRfc() {
        prime(DhGroup.MODP_2048, 2048, 124_476);
        prime(DhGroup.MODP_3072, 3072, 1_690_314);
        prime(DhGroup.MODP_4096, 4096, 240_904);
    }

    private static void prime(DhGroup group, int bits, long offset) {
        BigInteger expected = BigInteger.TWO
                .pow(bits)
                .subtract(BigInteger.TWO.pow(bits - 64))
                .subtract(BigInteger.ONE)
                .add(pi(bits - 130).add(BigInteger.valueOf(offset)).shiftLeft(64));
        assertEquals(expected, ModpPrime.of(group));
    }

    /** 2^bits * pi rounded down, by Machin's formula. */
    private static BigInteger pi(int bits) {
        BigInteger one = BigInteger.ONE.shiftLeft(bits + 64);
        return arctan(one, 5)
                .shiftLeft(2)
                .subtract(arctan(one, 239))
                .shiftLeft(2)
                .shiftRight(64);
    }

    private static BigInteger arctan(BigInteger one, int inverse) {
        BigInteger square = BigInteger.valueOf((long) inverse * inverse);
        BigInteger power = one.divide(BigInteger.valueOf(inverse));
        BigInteger sum = power;
        for (int k = 3; power.signum() != 0; k += 2) {
            power = power.divide(square);
            BigInteger term = power.divide(BigInteger.valueOf(k));
            sum = (k & 2) == 0 ? sum.add(term) : sum.subtract(term);
        }
        return sum;
    }

    @Test
    void modpRefusesOneAndMinusOne() {
        KeyExchange ours = KeyExchange.generate(DhGroup.MODP_2048, new SecureRandom());
        byte[] one = FixedLength.bigEndian(BigInteger.ONE, 256);
        byte[] minusOne = FixedLength.bigEndian(ModpPrime.of(DhGroup.MODP_2048).subtract(BigInteger.ONE), 256);
        assertThrows(InvalidPublicValue.class, () -> ours.agree(one));
        assertThrows(InvalidPublicValue.class, () -> ours.agree(minusOne));
    }

    @Test
    void fixedLengthKeepsLeadingZeros() {
        assertArrayEquals(new byte[] {0, 0, (byte) 0xff}, FixedLength.bigEndian(BigInteger.valueOf(255), 3));
        assertArrayEquals(new byte[] {(byte) 0xff}, FixedLength.bigEndian(BigInteger.valueOf(255), 1));
    }
}
