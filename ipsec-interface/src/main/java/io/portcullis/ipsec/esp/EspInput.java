package io.portcullis.ipsec.esp;

import static io.portcullis.core.packet.DropReason.NONE;

import io.portcullis.core.iface.PacketWorker;
import io.portcullis.core.net.IpAddress;
import io.portcullis.core.packet.DropReason;
import io.portcullis.core.packet.Esp;
import io.portcullis.core.packet.Headers;
import io.portcullis.core.packet.Ipv4;
import io.portcullis.core.packet.Ipv6;
import io.portcullis.core.packet.Octets;
import io.portcullis.core.packet.Packet;
import io.portcullis.ipsec.sa.SaEvent;

/** The way of an ESP packet to its SA and, decrypted, back into the pipeline (RFC 4301 section 5.2). On the worker. */
public final class EspInput {
    /** The UDP port of a packet that came without UDP. */
    public static final int RAW = EspSa.RAW;

    private static final long V4_MAPPED = 0x0000_ffff_0000_0000L;
    private static final long SECOND = 1_000_000_000L;
    private static final int UNKNOWN_A_SECOND = 5;

    private final SaDatabase database;
    private final Decapsulator decapsulator = new Decapsulator();
    private long unknownSecond = Long.MIN_VALUE;
    private int unknown;

    public EspInput(SaDatabase database) {
        this.database = database;
    }

    /**
     * Takes an ESP packet for an own address, parsed, whole.
     *
     * @param espAt offset of the ESP header
     * @param espEnd offset behind the ICV
     * @param port UDP port that it came from, or {@link #RAW}
     * @return NONE when the packet is the pipeline's again, else why it dies
     */
    public DropReason take(Packet packet, int espAt, int espEnd, int port, PacketWorker worker, long now) {
        if (espEnd - espAt < Esp.HEADER) {
            return DropReason.SHORT_HEADER;
        }
        int spi = Esp.spi(packet.buffer(), espAt);
        EspSa sa = database.find(spi);
        if (sa == null) {
            reportUnknown(spi, packet, now);
            return DropReason.UNKNOWN_SPI;
        }
        DropReason why = sa.expired ? DropReason.SA_EXPIRED : open(packet, espAt, espEnd, port, sa, now);
        if (why == NONE) {
            why = fits(packet, sa);
        }
        if (why != NONE) {
            sa.tunnel.counters().dropped(why);
            return why;
        }
        worker.decapsulated(packet, sa.tunnel.tunnelInterface(), now);
        return NONE;
    }

    private DropReason open(Packet packet, int espAt, int espEnd, int port, EspSa sa, long now) {
        int outerEcn = packet.ipVersion() == 4
                ? Ipv4.ecn(packet.buffer(), packet.networkAt())
                : Ipv6.ecn(packet.buffer(), packet.networkAt());
        long fromHigh = packet.sourceHigh();
        long fromLow = packet.sourceLow();
        long before = sa.inbound.packets;
        long top = sa.inbound.window.top();
        DropReason why = decapsulator.open(packet, espAt, espEnd, sa.inbound, outerEcn, now);
        if (sa.inbound.packets != before) {
            boolean newest = sa.inbound.window.top() > top;
            sa.heardFrom(fromHigh, fromLow, port, newest, database.events());
            sa.watchLimits(database.events());
        }
        return why;
    }

    /** RFC 4301 section 5.2, step 4: what came out of the SA must be what it was made for. */
    private static DropReason fits(Packet packet, EspSa sa) {
        if (sa.addressesOnly()) {
            readAddresses(packet);
        } else {
            DropReason why = Headers.parse(packet);
            if (why != NONE) {
                return why;
            }
        }
        return sa.mayHaveCarried(packet) ? NONE : DropReason.SELECTOR_MISMATCH;
    }

    /** The decapsulator has seen that the fixed header is there; the pipeline will check all of it. */
    private static void readAddresses(Packet packet) {
        int at = packet.start();
        if (Octets.u8(packet.buffer(), at) >>> 4 == 4) {
            long source = V4_MAPPED | (Ipv4.source(packet.buffer(), at) & 0xffff_ffffL);
            long destination = V4_MAPPED | (Ipv4.destination(packet.buffer(), at) & 0xffff_ffffL);
            packet.addresses(0, source, 0, destination);
        } else {
            packet.addresses(
                    Ipv6.sourceHigh(packet.buffer(), at),
                    Ipv6.sourceLow(packet.buffer(), at),
                    Ipv6.destinationHigh(packet.buffer(), at),
                    Ipv6.destinationLow(packet.buffer(), at));
        }
    }

    private void reportUnknown(int spi, Packet packet, long now) {
        if (unknownSecond == Long.MIN_VALUE || now - unknownSecond >= SECOND) {
            unknownSecond = now;
            unknown = 0;
        }
        if (unknown++ < UNKNOWN_A_SECOND) {
            database.events()
                    .offer(new SaEvent.UnknownSpi(spi, new IpAddress(packet.sourceHigh(), packet.sourceLow())));
        }
    }
}
