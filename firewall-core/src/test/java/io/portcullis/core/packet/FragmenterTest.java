package io.portcullis.core.packet;

import static io.portcullis.core.packet.DropReason.NONE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class FragmenterTest {
    /** An ICMP echo of 48 octets behind NOP, Record Route, Router Alert, NOP and END (scapy 2.5.0). */
    private static final String OPTIONS =
            "49000054000100000901245dc0000201c63364070107070400000000940400000100000008008e46" + "004d0003"
                    + "78".repeat(40);

    private static Packet parsed(String hex) {
        Packet packet = HeadersTest.packet(hex);
        assertEquals(NONE, Headers.parse(packet));
        return packet;
    }

    private static List<Packet> cut(Packet from, int mtu) {
        assertEquals(NONE, Fragmenter.prepare(from, mtu));
        List<Packet> fragments = new ArrayList<>();
        for (int done = 0; done < Fragmenter.octets(from); ) {
            Packet into = new Packet(Arena.ofAuto().allocate(Packet.CAPACITY));
            done = Fragmenter.cut(from, mtu, done, into);
            fragments.add(into);
        }
        return fragments;
    }

    @ParameterizedTest
    @ValueSource(ints = {44, 45, 51, 60, 68, 76, 83})
    void fragmentsCarryTheDatagram(int mtu) {
        Packet from = parsed(OPTIONS);
        StringBuilder data = new StringBuilder();
        List<Packet> fragments = cut(from, mtu);
        for (Packet fragment : fragments) {
            assertTrue(fragment.length() <= mtu);
            assertEquals(data.length() / 2, fragment.fragmentOffset());
            assertEquals(fragment != fragments.getLast(), fragment.moreFragments());
            data.append(WireTest.hex(
                    fragment.buffer(), fragment.transportAt(), fragment.payloadEnd() - fragment.transportAt()));
            int transportAt = fragment.transportAt();
            int offset = fragment.fragmentOffset();
            assertEquals(NONE, Headers.parse(fragment));
            assertEquals(transportAt, fragment.transportAt());
            assertEquals(offset, fragment.fragmentOffset());
            assertEquals(1, Ipv4.identification(fragment.buffer(), fragment.networkAt()));
        }
        assertEquals(OPTIONS.substring(72), data.toString());
    }

    @Test
    void laterFragmentsCarryOnlyOptionsWithTheCopyFlag() {
        List<Packet> fragments = cut(parsed(OPTIONS), 60);
        Packet first = fragments.getFirst();
        assertEquals(36, Ipv4.headerLength(first.buffer(), first.start()));
        Packet later = fragments.get(1);
        assertEquals(24, Ipv4.headerLength(later.buffer(), later.start()));
        assertEquals("94040000", WireTest.hex(later.buffer(), later.start() + 20, 4));
    }

    @Test
    void aFragmentIsCutFurther() {
        Packet from = HeadersTest.packet(OPTIONS);
        Ipv4.fragment(from.buffer(), from.start(), 1600, true);
        assertEquals(NONE, Headers.parse(from));
        List<Packet> fragments = cut(from, 60);
        assertEquals(1600, fragments.getFirst().fragmentOffset());
        assertTrue(fragments.getLast().moreFragments());
    }

    @Test
    void aPartialChecksumIsMadeWholeFirst() {
        Packet from = parsed(HeadersTest.UDP_V4);
        Octets.u16(from.buffer(), from.transportAt() + Udp.CHECKSUM, Checksum.fold(Headers.pseudoHeader(from, 19)));
        from.partialChecksum(from.transportAt(), Udp.CHECKSUM);
        Packet first = cut(from, 28).getFirst();
        assertEquals(0xc489, Udp.checksum(first.buffer(), first.transportAt()));
    }

    @Test
    void whatCanNotBeFragmentedIsSaid() {
        assertEquals(DropReason.TOO_BIG, Fragmenter.prepare(parsed(HeadersTest.UDP_V6), 1280));
        assertEquals(DropReason.TOO_BIG, Fragmenter.prepare(parsed(OPTIONS), 43));
        Packet big = parsed(HeadersTest.TCP_V4);
        big.gso(Packet.Gso.TCP_V4, 10);
        assertEquals(DropReason.TOO_BIG, Fragmenter.prepare(big, 1500));
        Packet malformed = HeadersTest.packet(OPTIONS);
        Octets.u8(malformed.buffer(), malformed.start() + 29, 99);
        Ipv4.computeChecksum(malformed.buffer(), malformed.start());
        assertEquals(NONE, Headers.parse(malformed));
        assertEquals(DropReason.BAD_OPTIONS, Fragmenter.prepare(malformed, 60));
    }
}
