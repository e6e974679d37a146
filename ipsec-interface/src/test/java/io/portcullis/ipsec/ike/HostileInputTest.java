package io.portcullis.ipsec.ike;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.core.net.IpAddress;
import io.portcullis.ipsec.ike.TwoPeers.Datagram;
import io.portcullis.ipsec.ike.crypto.SealedMessage;
import io.portcullis.ipsec.ike.iana.ExchangeType;
import io.portcullis.ipsec.ike.iana.NotifyType;
import io.portcullis.ipsec.ike.v2.IkeSaView;
import io.portcullis.ipsec.ike.v2.IkeSettings;
import io.portcullis.ipsec.ike.wire.EncryptedPayload;
import io.portcullis.ipsec.ike.wire.Header;
import io.portcullis.ipsec.ike.wire.Message;
import io.portcullis.ipsec.ike.wire.MessageCodec;
import io.portcullis.ipsec.ike.wire.NotifyPayload;
import io.portcullis.ipsec.ike.wire.Octets;
import io.portcullis.ipsec.ike.wire.Payload;
import io.portcullis.ipsec.ike.wire.PayloadChain;
import io.portcullis.ipsec.ike.wire.UnknownPayload;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Strangers, liars and peers with faults: the error notifications of RFC 7296, and nothing kept. */
final class HostileInputTest {
    private static final int PRIVATE_TYPE = 200;
    private final TwoPeers net = new TwoPeers(1, IkeSettings.DEFAULT);

    private void toB(byte[] octets) {
        net.b.engine.received(net.b.address, 500, net.a.address, 500, "wan", octets);
        net.b.poll();
    }

    /** The only answer on the wire. */
    private Message answer() throws Exception {
        assertEquals(1, net.wire.size(), net::story);
        return MessageCodec.read(net.wire.removeFirst().payload().toArray());
    }

    private byte[] firstRequest() {
        net.configured();
        net.a.engine.connect("tunnel");
        net.a.poll();
        return net.wire.removeFirst().payload().toArray();
    }

    @Test
    void laterMajorVersion() throws Exception {
        byte[] request = firstRequest();
        request[17] = 0x30;
        toB(request);
        assertTrue(answer().notify(NotifyType.INVALID_MAJOR_VERSION.id()).isPresent());
        assertTrue(net.b.list().isEmpty());
    }

    @Test
    void unknownIkeSpi() throws Exception {
        net.configured();
        Header header = Header.of(1, 2, ExchangeType.INFORMATIONAL.id(), true, false, 7);
        toB(MessageCodec.write(new Message(header, List.of(EncryptedPayload.blank(0, 40)))));
        Message answer = answer();
        assertTrue(answer.notify(NotifyType.INVALID_IKE_SPI.id()).isPresent());
        assertEquals(7, answer.header().messageId());
        assertTrue(answer.header().response());
        Header response = Header.of(1, 2, ExchangeType.INFORMATIONAL.id(), true, true, 7);
        toB(MessageCodec.write(new Message(response, List.of(EncryptedPayload.blank(0, 40)))));
        assertTrue(net.wire.isEmpty()); // never an answer to an answer
    }

    @Test
    void criticalPayloadInTheFirstMessage() throws Exception {
        Message request = MessageCodec.read(firstRequest());
        List<Payload> payloads = new java.util.ArrayList<>(request.payloads());
        payloads.add(new UnknownPayload(PRIVATE_TYPE, true, Octets.of((byte) 1)));
        toB(MessageCodec.write(new Message(request.header(), payloads)));
        NotifyPayload notify =
                answer().notify(NotifyType.UNSUPPORTED_CRITICAL_PAYLOAD.id()).orElseThrow();
        assertEquals(Octets.of((byte) PRIVATE_TYPE), notify.data());
        assertTrue(net.b.list().isEmpty());
        payloads.removeLast();
        payloads.add(new UnknownPayload(PRIVATE_TYPE, false, Octets.of((byte) 1)));
        toB(MessageCodec.write(new Message(request.header(), payloads)));
        assertEquals(1, net.b.list().size()); // not critical: passed over
    }

    /** A message of A to B as only A can make it. */
    private byte[] sealed(int exchange, int id, List<? extends Payload> payloads, boolean damaged) {
        IkeSaView sa = net.only(net.a);
        var keys = net.a.keys.getLast();
        SealedMessage seal = new SealedMessage(keys.protection(), keys.initiator(), new SeededRandom(id + 1000));
        byte[] plaintext = PayloadChain.write(payloads);
        if (damaged) {
            plaintext[3] = (byte) 0xff;
        }
        EncryptedPayload room =
                EncryptedPayload.blank(PayloadChain.firstType(payloads), seal.bodyOctets(plaintext.length));
        Header header = Header.of(sa.initiatorSpi(), sa.responderSpi(), exchange, true, false, id);
        byte[] blank = MessageCodec.write(new Message(header, List.of(room)));
        return seal.seal(Arrays.copyOf(blank, MessageCodec.associatedOctets(blank, room)), plaintext);
    }

    @Test
    void criticalPayloadUnderProtection() {
        net.established();
        toB(sealed(
                ExchangeType.INFORMATIONAL.id(),
                2,
                List.of(new UnknownPayload(PRIVATE_TYPE, true, Octets.EMPTY)),
                false));
        assertTrue(net.b.messages.getLast().contains("UNSUPPORTED_CRITICAL_PAYLOAD"), net::story);
        assertEquals("ESTABLISHED", net.only(net.b).state());
    }

    @Test
    void authenticAndMalformedIsFatal() {
        net.established();
        toB(sealed(
                ExchangeType.INFORMATIONAL.id(),
                2,
                List.of(new NotifyPayload(NotifyType.INITIAL_CONTACT.id(), Octets.EMPTY)),
                true));
        assertTrue(net.b.messages.stream().anyMatch(it -> it.contains("INVALID_SYNTAX")), net::story);
        assertTrue(net.b.list().isEmpty());
        assertTrue(net.b.installed.isEmpty());
    }

    @Test
    void messageIdOutsideTheWindowIsToldOnce() {
        net.established();
        for (int id = 50; id < 60; id++) {
            toB(sealed(ExchangeType.INFORMATIONAL.id(), id, List.of(), false));
        }
        long told = net.b.messages.stream()
                .filter(it -> it.contains("INVALID_MESSAGE_ID"))
                .count();
        assertEquals(1, told);
        net.settle();
        assertEquals("ESTABLISHED", net.only(net.b).state());
    }

    /** A hint from a stranger makes us look whether the peer lives, and no more (RFC 7296 section 2.4). */
    @Test
    void unprotectedNoticeIsAHintOnly() {
        net.established();
        IkeSaView sa = net.only(net.b);
        Header header = Header.of(sa.initiatorSpi(), sa.responderSpi(), ExchangeType.INFORMATIONAL.id(), true, true, 0);
        byte[] notice = MessageCodec.write(
                new Message(header, List.of(new NotifyPayload(NotifyType.INVALID_IKE_SPI.id(), Octets.EMPTY))));
        int sent = net.sent;
        for (int i = 0; i < 20; i++) {
            toB(notice);
        }
        net.settle();
        assertEquals(sent + 2, net.sent); // one liveness check and its answer
        net.assertSameOnBothSides();
    }

    @Test
    void underLoadAnAddressMustBeProved() {
        IkeSettings few =
                new IkeSettings(Duration.ofSeconds(1), 6, Duration.ofSeconds(30), 3, 5, 64, Duration.ofSeconds(20));
        TwoPeers busy = new TwoPeers(4, few);
        busy.configured();
        busy.b.configure(openToAll());
        Random random = new Random(3);
        byte[] request = requestOf(busy);
        for (int i = 0; i < 200; i++) {
            byte[] flood = request.clone();
            random.nextBytes(flood);
            System.arraycopy(request, 8, flood, 8, request.length - 8);
            busy.b.engine.received(busy.b.address, 500, IpAddress.v4(0x0a000000 + i), 500, "wan", flood);
            busy.b.poll();
        }
        assertEquals(3, busy.b.list().size()); // the others got a cookie and no state
        busy.b.event("ike_cookies_demanded");
        busy.wire.clear();
        busy.a.engine.delete("tunnel");
        busy.a.poll();
        busy.wire.clear();
        busy.a.engine.connect("tunnel");
        busy.settle();
        assertEquals(1, busy.a.installed.size(), busy::story); // an honest one returns the cookie
        busy.advanceSeconds(31);
        assertEquals(1, busy.b.list().size()); // half-open ones are gone
    }

    private static io.portcullis.ipsec.tunnel.TunnelDefinition openToAll() {
        Tunnels tunnels = Tunnels.mirrored(TwoPeers.A);
        tunnels.remoteEndpoints = io.portcullis.core.net.AddressSet.EMPTY;
        return tunnels.build();
    }

    private static byte[] requestOf(TwoPeers peers) {
        peers.a.engine.connect("tunnel");
        peers.a.poll();
        return peers.wire.removeFirst().payload().toArray();
    }

    /** Any octets at all, to an engine at rest and to one with SAs: no exception, no state, no traffic but answers. */
    @Test
    void anyOctets() {
        net.established();
        Random random = new Random(20_260_102L);
        List<byte[]> seen = new java.util.ArrayList<>();
        net.fate = datagram -> {
            seen.add(datagram.payload().toArray());
            return List.of(datagram);
        };
        net.a.engine.rekeyIke("tunnel");
        net.a.engine.rekeyChildren("tunnel");
        net.settle();
        net.fate = (Datagram _) -> List.of();
        int before = net.b.installed.size();
        for (int i = 0; i < 3000; i++) {
            byte[] octets;
            if (random.nextBoolean()) {
                octets = seen.get(random.nextInt(seen.size())).clone();
                for (int n = random.nextInt(6); n >= 0; n--) {
                    octets[random.nextInt(octets.length)] = (byte) random.nextInt();
                }
            } else {
                octets = new byte[random.nextInt(200)];
                random.nextBytes(octets);
            }
            int port = random.nextBoolean() ? 500 : 4500;
            net.b.engine.received(net.b.address, port, net.a.address, 500, "wan", octets);
            net.b.poll();
        }
        assertEquals(before, net.b.installed.size());
        assertTrue(net.b.events.stream().noneMatch(it -> it.toString().contains("internal error")), net::story);
        assertTrue(net.b.events.size() < 100, "events are rate limited: " + net.b.events.size());
    }
}
