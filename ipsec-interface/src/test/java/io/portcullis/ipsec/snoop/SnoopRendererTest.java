package io.portcullis.ipsec.snoop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.core.net.IpAddress;
import io.portcullis.ipsec.decision.Decision;
import io.portcullis.ipsec.ike.capture.Capture;
import io.portcullis.ipsec.ike.wire.AuthPayload;
import io.portcullis.ipsec.ike.wire.CertPayload;
import io.portcullis.ipsec.ike.wire.EapPayload;
import io.portcullis.ipsec.ike.wire.Header;
import io.portcullis.ipsec.ike.wire.IdPayload;
import io.portcullis.ipsec.ike.wire.KePayload;
import io.portcullis.ipsec.ike.wire.MalformedMessage;
import io.portcullis.ipsec.ike.wire.Message;
import io.portcullis.ipsec.ike.wire.MessageCodec;
import io.portcullis.ipsec.ike.wire.NoncePayload;
import io.portcullis.ipsec.ike.wire.NotifyPayload;
import io.portcullis.ipsec.ike.wire.Octets;
import io.portcullis.ipsec.ike.wire.Payload;
import io.portcullis.ipsec.ike.wire.PayloadChain;
import io.portcullis.ipsec.ike.wire.UnknownPayload;
import io.portcullis.ipsec.ike.wire.VendorIdPayload;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SnoopRendererTest {
    private static final long SEED = 0x736e6f6fL;
    private static final SnoopEndpoint CORE = new SnoopEndpoint("core", IpAddress.literal("192.0.2.2"), 500);
    private static final SnoopEndpoint WAN = new SnoopEndpoint("WAN", IpAddress.literal("192.0.2.1"), 500);

    @Test
    void anIkeSaInitRequestIsListed() throws MalformedMessage {
        byte[] octets = Capture.psk().message(1);
        SnoopEntry entry =
                new SnoopEntry.Seen(Instant.EPOCH, CORE, WAN, false, octets.length, MessageCodec.read(octets));
        assertEquals(
                """
                IkeSnoop: core:192.0.2.2:500 <- WAN:192.0.2.1:500
                  ISAKMP Version : 2.0
                  Exchange type : IKE_SA_INIT
                  Initiator cookie : 0xdd98cc06289e0438
                  Responder cookie : 0x0000000000000000
                  Flags : I (initiator)
                  Message ID : 0x00000000
                  Length : 284 bytes
                  # payloads : 8
                  Payloads:
                    SA (Security Association)
                      Payload data length : 88 bytes
                      Proposal 1/2
                        Proposal number : 1
                        Protocol ID : IKE
                        SPI Size : 0
                        Transform 1/4
                          Encryption algorithm : ENCR_AES_CBC
                          Key length : 128
                        Transform 2/4
                          Integrity algorithm : AUTH_HMAC_SHA2_256_128
                        Transform 3/4
                          Pseudorandom function : PRF_HMAC_SHA2_256
                        Transform 4/4
                          Group description : CURVE25519
                      Proposal 2/2
                        Proposal number : 2
                        Protocol ID : IKE
                        SPI Size : 0
                        Transform 1/4
                          Encryption algorithm : ENCR_AES_CBC
                          Key length : 128
                        Transform 2/4
                          Integrity algorithm : AUTH_HMAC_SHA2_256_128
                        Transform 3/4
                          Pseudorandom function : PRF_HMAC_SHA2_256
                        Transform 4/4
                          Group description : MODP_2048
                    KE (Key Exchange)
                      Payload data length : 36 bytes
                      Group description : CURVE25519
                    NONCE (Nonce)
                      Payload data length : 32 bytes
                    N (Notify)
                      Payload data length : 24 bytes
                      Notification type : NAT_DETECTION_SOURCE_IP
                      Hash (20) : %s
                    N (Notify)
                      Payload data length : 24 bytes
                      Notification type : NAT_DETECTION_DESTINATION_IP
                      Hash (20) : %s
                    N (Notify)
                      Payload data length : 4 bytes
                      Notification type : IKEV2_FRAGMENTATION_SUPPORTED
                    N (Notify)
                      Payload data length : 12 bytes
                      Notification type : SIGNATURE_HASH_ALGORITHMS
                      Hash algorithms : SHA2-256, SHA2-384, SHA2-512, Identity
                    N (Notify)
                      Payload data length : 4 bytes
                      Notification type : REDIRECT_SUPPORTED
                """.formatted(hash(octets, 16_388), hash(octets, 16_389)),
                SnoopRenderer.render(entry, SnoopLevel.VERBOSE));
    }

    @Test
    void whatWasEncryptedIsListed() throws MalformedMessage {
        Message message = opened(Capture.psk(), 3);
        String text = SnoopRenderer.render(
                new SnoopEntry.Seen(Instant.EPOCH, CORE, WAN, true, 0, message), SnoopLevel.VERBOSE);
        assertEquals(
                """
                IkeSnoop: core:192.0.2.2:500 -> WAN:192.0.2.1:500
                  ISAKMP Version : 2.0
                  Exchange type : IKE_AUTH
                  Initiator cookie : 0xdd98cc06289e0438
                  Responder cookie : 0xce7f1bb64f8f503b
                  Flags : E (encryption), I (initiator)
                  Message ID : 0x00000001
                  # payloads : 10
                  Payloads:
                    IDi (Identification - Initiator)
                      Payload data length : 7 bytes
                      ID type : ID_FQDN
                      ID : gwA
                    N (Notify)
                      Payload data length : 4 bytes
                      Notification type : INITIAL_CONTACT
                    IDr (Identification - Responder)
                      Payload data length : 7 bytes
                      ID type : ID_FQDN
                      ID : gwB
                    AUTH (Authentication)
                      Payload data length : 36 bytes
                      Authentication method : Shared Key Message Integrity Code
                    SA (Security Association)
                      Payload data length : 32 bytes
                      Proposal 1/1
                        Proposal number : 1
                        Protocol ID : ESP
                        SPI Size : 4
                        SPI Value : 0x56570c84
                        Transform 1/2
                          Encryption algorithm : ENCR_AES_GCM_16
                          Key length : 128
                        Transform 2/2
                          Extended sequence numbers : No
                    TSi (Traffic Selector - Initiator)
                      Payload data length : 20 bytes
                      Traffic selector 1/1
                        Protocol : any
                        Ports : any
                        Addresses : 10.1.0.0/24
                    TSr (Traffic Selector - Responder)
                      Payload data length : 20 bytes
                      Traffic selector 1/1
                        Protocol : any
                        Ports : any
                        Addresses : 10.2.0.0/24
                """,
                text.substring(0, text.indexOf("    N (Notify)", text.indexOf("TSr")))
                        .replaceAll("SPI Value : 0x[0-9a-f]{8}", "SPI Value : 0x56570c84"));
    }

    @Test
    void briefIsOneLine() throws MalformedMessage {
        SnoopEntry entry = new SnoopEntry.Seen(Instant.EPOCH, CORE, WAN, false, 0, opened(Capture.eap(), 4));
        assertEquals(
                "IkeSnoop: core:192.0.2.2:500 <- WAN:192.0.2.1:500 IKE_AUTH response 1 [IDr, CERT, AUTH, EAP]\n",
                SnoopRenderer.render(entry, SnoopLevel.BRIEF));
    }

    @Test
    void aMessageThatCouldNotBeReadSaysSo() throws MalformedMessage {
        String text = verbose(MessageCodec.read(Capture.psk().message(3)));
        assertTrue(text.contains("Flags : E (encryption), I (initiator)\n"), text);
        assertTrue(
                text.endsWith("    SK (Encrypted and Authenticated)\n      Payload data length : 224 bytes\n"), text);
    }

    @Test
    void aRoamingClientsWishesAreListed() throws MalformedMessage {
        String text = verbose(opened(Capture.eap(), 3));
        assertTrue(text.contains("      Configuration type : CFG_REQUEST\n      INTERNAL_IP4_ADDRESS :"), text);
        assertTrue(text.contains("      Authority key (SHA-1) : "), text);
        assertTrue(text.contains("      ID : alice@lab.test\n"), text);
    }

    @Test
    void aDecisionIsOneLine() {
        Decision decision = new Decision(
                Decision.Stage.IKE_PROPOSAL,
                "proposal 1",
                "ENCR",
                "ENCR_AES_CBC-256",
                "ENCR_3DES",
                Decision.Verdict.REJECTED);
        assertEquals(
                "IkeSnoop: WAN:192.0.2.1:500 match IKE proposal: proposal 1, ENCR: expected ENCR_AES_CBC-256,"
                        + " came ENCR_3DES: rejected\n",
                SnoopRenderer.render(new SnoopEntry.Decided(Instant.EPOCH, WAN, decision), SnoopLevel.VERBOSE));
    }

    @Test
    void nothingSecretIsShown() throws MalformedMessage {
        for (Capture capture : List.of(Capture.psk(), Capture.eap())) {
            for (int number : capture.numbers()) {
                Message message =
                        capture.isSealed(number) ? opened(capture, number) : MessageCodec.read(capture.message(number));
                String text = verbose(message) + message.summary();
                for (Payload payload : message.payloads()) {
                    secretOf(payload).ifPresent(secret -> {
                        String digits = secret.toString();
                        assertFalse(text.contains(digits.substring(0, Math.min(16, digits.length()))), text);
                    });
                }
            }
        }
        Octets password = Octets.of("\2\1\0\20\6Wonderland1".getBytes(StandardCharsets.ISO_8859_1));
        String text = verbose(message(new EapPayload(password), new NotifyPayload(16_413, password)));
        assertFalse(text.contains("Wonderland"), text);
        assertTrue(text.contains("      Notification data : 16 bytes\n"), text);
    }

    private static Optional<Octets> secretOf(Payload payload) {
        return switch (payload) {
            case KePayload ke -> Optional.of(ke.data());
            case NoncePayload nonce -> Optional.of(nonce.data());
            case AuthPayload auth -> Optional.of(auth.data());
            case CertPayload cert -> Optional.of(cert.data());
            default -> Optional.empty();
        };
    }

    @Test
    void thePeersTextCannotCommandTheTerminal() {
        Octets hostile = Octets.of("a\u001b[2J\n\r\u202efdp\u0000é".getBytes(StandardCharsets.UTF_8));
        String text = verbose(message(new IdPayload(true, 2, hostile), new VendorIdPayload(hostile)));
        assertTrue(text.contains("      ID : a.[2J...fdp.é\n"), text);
        assertTrue(text.contains("      Description : (unknown)\n"), text);
        String endless = "x".repeat(5_000);
        text = verbose(message(new IdPayload(true, 3, Octets.of(endless.getBytes(StandardCharsets.US_ASCII)))));
        assertTrue(text.length() < 1_000, text);
    }

    @Test
    void everyKindOfPayloadHasItsLines() {
        String text = verbose(message(
                new IdPayload(true, 9, Octets.hex("300d310b300906035504030c027878")),
                new IdPayload(false, 5, Octets.hex("20010db8000000000000000000000001")),
                new NotifyPayload(17, Octets.hex("0013")),
                new NotifyPayload(3, Octets.hex("c0c1c2c3"), 16_393, Octets.EMPTY),
                new NotifyPayload(1, Octets.hex("c8")),
                new NotifyPayload(40_000, Octets.hex("c8")),
                new UnknownPayload(200, true, Octets.EMPTY)));
        assertTrue(text.contains("ID type : ID_DER_ASN1_DN\n      ID : CN=xx\n"), text);
        assertTrue(text.contains("ID : 2001:db8::1\n"), text);
        assertTrue(text.contains("Accepted group : ECP_256\n"), text);
        assertTrue(text.contains("Protocol ID : ESP\n      SPI Value : 0xc0c1c2c3\n"), text);
        assertTrue(text.contains("Payload type : PAYLOAD(200)\n"), text);
        assertTrue(text.contains("Notification type : NOTIFY(40000)\n      Notification data : 1 bytes\n"), text);
        assertTrue(text.contains("PAYLOAD(200) (not spoken here)\n"), text);
        assertTrue(text.contains("Critical : Yes\n"), text);
    }

    @Test
    void whateverCanBeReadCanBeShown() {
        Random random = new Random(SEED);
        int shown = 0;
        for (int round = 0; round < 40_000; round++) {
            byte[] octets = new byte[4 + random.nextInt(60)];
            random.nextBytes(octets);
            octets[0] = 0;
            octets[2] = 0;
            octets[3] = (byte) octets.length;
            if (round % 2 == 0) {
                octets[4 % octets.length] = (byte) random.nextInt(16);
            }
            try {
                String text = verbose(new Message(
                        Header.of(1, 2, random.nextInt(256), true, false, 0),
                        PayloadChain.read(33 + random.nextInt(22), octets)));
                assertTrue(text.chars().noneMatch(c -> c < ' ' && c != '\n'), "seed " + SEED + " round " + round);
                shown++;
            } catch (MalformedMessage refused) {
                assertFalse(refused.getMessage().isEmpty());
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + SEED + " round " + round, e);
            }
        }
        assertTrue(shown > 1_000, "seed " + SEED + " showed " + shown);
    }

    @Test
    void anIpv6EndpointStandsInBrackets() {
        assertEquals(
                "WAN:[2001:db8::1]:4500", new SnoopEndpoint("WAN", IpAddress.literal("2001:db8::1"), 4500).toString());
    }

    private static Message message(Payload... payloads) {
        return new Message(Header.of(1, 2, 37, true, false, 0), List.of()).open(List.of(payloads));
    }

    private static String verbose(Message message) {
        return SnoopRenderer.render(
                new SnoopEntry.Seen(Instant.EPOCH, CORE, WAN, false, 0, message), SnoopLevel.VERBOSE);
    }

    private static Message opened(Capture capture, int number) throws MalformedMessage {
        Message sealed = MessageCodec.read(capture.message(number));
        return sealed.open(PayloadChain.read(sealed.sealed().orElseThrow().firstInner(), capture.inner(number)));
    }

    private static Octets hash(byte[] octets, int type) throws MalformedMessage {
        return MessageCodec.read(octets).notify(type).orElseThrow().data();
    }
}
