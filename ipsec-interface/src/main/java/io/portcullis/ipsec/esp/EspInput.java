package io.portcullis.ipsec.esp;

import static io.portcullis.core.packet.DropReason.NONE;

import io.portcullis.core.iface.BurstCollector;
import io.portcullis.core.iface.NetworkInterface;
import io.portcullis.core.iface.PacketWorker;
import io.portcullis.core.net.IpAddress;
import io.portcullis.core.packet.DropReason;
import io.portcullis.core.packet.Esp;
import io.portcullis.core.packet.Headers;
import io.portcullis.core.packet.Ipv4;
import io.portcullis.core.packet.Ipv6;
import io.portcullis.core.packet.Joiner;
import io.portcullis.core.packet.Octets;
import io.portcullis.core.packet.Packet;
import io.portcullis.core.time.RateLimit;
import io.portcullis.ipsec.crypto.EspBurst;
import io.portcullis.ipsec.sa.SaEvent;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * The way of ESP packets to their SA and, decrypted, back into the pipeline (RFC 4301 section 5.2). Those of one SA
 * that come in one burst are opened together; what comes out of them is joined to super-packets, flow by flow, and
 * enters the pipeline at the end of the burst. Owned by one worker.
 *
 * <p>Several ESP packets may lie in one buffer, as a device merged them: {@link #begin}, {@link #take} for each, {@link
 * #end}. They are opened where they lie, and the first inner packet that is not joined to another keeps the buffer.
 */
public final class EspInput implements BurstCollector {
    /** The UDP port of a packet that came without UDP. */
    public static final int RAW = EspSa.RAW;
    /** Merged packets that are taken from one buffer. */
    public static final int MOST_MERGED = 128;

    private static final long V4_MAPPED = 0x0000_ffff_0000_0000L;
    private static final int UNKNOWN_A_SECOND = 5;

    private final SaDatabase database;
    private final Decapsulator decapsulator = new Decapsulator();
    private final Joiner joiner = new Joiner();

    // What was collected: ESP packets of one SA, in the order in which they came.
    private @Nullable EspSa sa;
    private final EspBurst texts = new EspBurst();
    private final @Nullable Packet[] buffers = new @Nullable Packet[EspBurst.CAPACITY];
    private final boolean[] merged = new boolean[EspBurst.CAPACITY];
    private final int[] textAts = new int[EspBurst.CAPACITY];
    private final int[] lengths = new int[EspBurst.CAPACITY];
    private final int[] ports = new int[EspBurst.CAPACITY];
    private final long[] sequences = new long[EspBurst.CAPACITY];
    private final @Nullable NetworkInterface[] ingresses = new @Nullable NetworkInterface[EspBurst.CAPACITY];
    private final long[] sourceHighs = new long[EspBurst.CAPACITY];
    private final long[] sourceLows = new long[EspBurst.CAPACITY];
    private final int[] ecns = new int[EspBurst.CAPACITY];
    private boolean flushes;

    // The buffer that arrived last.
    private @Nullable NetworkInterface ingress;
    private long sourceHigh;
    private long sourceLow;
    private int ecn;

    // The buffer whose packets are being taken out, and whether one of them has it.
    private @Nullable Packet current;
    private boolean currentUsed;

    /** The buffer of which more packets are to come. */
    private @Nullable Packet unfinished;

    private final RateLimit unknown = new RateLimit(UNKNOWN_A_SECOND);

    public EspInput(SaDatabase database) {
        this.database = database;
    }

    /**
     * Takes an ESP packet for an own address, parsed, whole, alone in its buffer.
     *
     * @param espAt offset of the ESP header
     * @param espEnd offset behind the ICV
     * @param port UDP port that it came from, or {@link #RAW}
     * @return NONE when the packet is taken over, else why it dies
     */
    public DropReason takeAlone(Packet packet, int espAt, int espEnd, int port, PacketWorker worker, long now) {
        makeRoom(1, worker, now);
        arrived(packet);
        return collect(packet, espAt, espEnd, port, false, worker, now);
    }

    /** Takes over a parsed packet in whose buffer up to {@link #MOST_MERGED} ESP packets lie. */
    public void begin(Packet packet, PacketWorker worker, long now) {
        makeRoom(MOST_MERGED, worker, now);
        arrived(packet);
        unfinished = packet;
    }

    /** Takes the next of them, as {@link #takeAlone} does; those that die are counted here. */
    public void take(Packet packet, int espAt, int espEnd, int port, PacketWorker worker, long now) {
        DropReason why = collect(packet, espAt, espEnd, port, true, worker, now);
        if (why != NONE) {
            worker.lost(ingress, why);
        }
    }

    /** After the last of them. */
    public void end(Packet packet, PacketWorker worker) {
        unfinished = null;
        boolean waits = texts.size() > 0 && buffers[texts.size() - 1] == packet;
        if (!waits && current == packet) {
            release(worker);
        } else if (!waits) {
            worker.pool().give(packet);
        }
    }

    /** Notes what the outer headers say: they are gone when the first inner packet takes the buffer. */
    private void arrived(Packet packet) {
        ingress = packet.ingress();
        sourceHigh = packet.sourceHigh();
        sourceLow = packet.sourceLow();
        ecn = packet.ipVersion() == 4
                ? Ipv4.ecn(packet.buffer(), packet.networkAt())
                : Ipv6.ecn(packet.buffer(), packet.networkAt());
    }

    private DropReason collect(
            Packet packet, int espAt, int espEnd, int port, boolean isMerged, PacketWorker worker, long now) {
        if (espEnd - espAt < Esp.HEADER) {
            return DropReason.SHORT_HEADER;
        }
        MemorySegment b = packet.buffer();
        int spi = Esp.spi(b, espAt);
        EspSa its = database.find(spi, worker);
        if (its == null) {
            reportUnknown(spi, now);
            return DropReason.UNKNOWN_SPI;
        }
        if (its != sa || texts.isFull()) {
            open(worker, now);
            sa = its;
        }
        InboundSa inbound = its.inbound;
        int textAt = espAt + Esp.HEADER + inbound.transform.ivOctets();
        int text = espEnd - textAt - inbound.transform.icvOctets();
        long sequence = inbound.window.full(Esp.sequence(b, espAt));
        DropReason why = judge(its, text, sequence);
        if (why != NONE) {
            its.tunnel.counters().dropped(why);
            return why;
        }
        int i = texts.size();
        texts.add(b, espAt, text, sequence);
        buffers[i] = packet;
        merged[i] = isMerged;
        textAts[i] = textAt;
        lengths[i] = text;
        ports[i] = port;
        sequences[i] = sequence;
        ingresses[i] = ingress;
        sourceHighs[i] = sourceHigh;
        sourceLows[i] = sourceLow;
        ecns[i] = ecn;
        if (!flushes) {
            flushes = true;
            worker.flushLater(this);
        }
        return NONE;
    }

    /** What can be said before decryption. */
    private static DropReason judge(EspSa its, int text, long sequence) {
        int alignment = its.inbound.transform.alignment();
        if (its.expired) {
            return DropReason.SA_EXPIRED;
        }
        if (text < alignment || (text & (alignment - 1)) != 0) {
            return DropReason.BAD_LENGTH;
        }
        if (!its.inbound.window.mayAccept(sequence)) {
            its.inbound.replayed++;
            return DropReason.REPLAYED;
        }
        return NONE;
    }

    /** Opens what was collected. A defect of the cipher kills these packets and no others. */
    private void open(PacketWorker worker, long now) {
        EspSa its = sa;
        int count = texts.size();
        if (its == null || count == 0) {
            return;
        }
        boolean works = false;
        try {
            its.inbound.transform.open(texts);
            works = true;
        } finally {
            for (int i = 0; i < count; i++) {
                Packet packet = buffers[i];
                buffers[i] = null;
                if (packet != null) {
                    turnTo(packet, worker);
                    DropReason why = works ? openOne(i, packet, its, worker, now) : DropReason.INTERNAL_ERROR;
                    if (why != NONE) {
                        die(i, packet, why, its, worker);
                    }
                }
            }
            texts.clear();
            if (current != unfinished) {
                release(worker);
            }
        }
    }

    private void turnTo(Packet packet, PacketWorker worker) {
        if (current == packet) {
            return;
        }
        release(worker);
        current = packet;
        currentUsed = false;
    }

    private void release(PacketWorker worker) {
        Packet done = current;
        current = null;
        if (done != null && !currentUsed) {
            worker.pool().give(done);
        }
    }

    private void die(int i, Packet packet, DropReason why, EspSa its, PacketWorker worker) {
        its.tunnel.counters().dropped(why);
        if (merged[i]) {
            worker.lost(ingresses[i], why);
        } else {
            currentUsed = true;
            worker.drop(packet, why);
        }
    }

    private DropReason openOne(int i, Packet packet, EspSa its, PacketWorker worker, long now) {
        InboundSa inbound = its.inbound;
        if (its.expired) {
            return DropReason.SA_EXPIRED;
        }
        if (!texts.authentic(i)) {
            inbound.forged++;
            return DropReason.BAD_ICV;
        }
        long top = inbound.window.top();
        if (!inbound.window.accepted(sequences[i])) {
            // The same number twice in this burst.
            inbound.replayed++;
            return DropReason.REPLAYED;
        }
        inbound.packets++;
        inbound.octets += lengths[i];
        inbound.lastNanos = now;
        its.heardFrom(sourceHighs[i], sourceLows[i], ports[i], inbound.window.top() > top, database.events());
        its.watchLimits(database.events());
        DropReason why = decapsulator.open(packet.buffer(), textAts[i], lengths[i], ecns[i]);
        if (why != NONE || joiner.join(packet, decapsulator.at(), decapsulator.end(), its)) {
            return why;
        }
        return enqueue(packet, its, worker);
    }

    /** An inner packet on its own: in the buffer where it lies if nothing else needs that, else in another. */
    private DropReason enqueue(Packet packet, EspSa its, PacketWorker worker) {
        int length = decapsulator.end() - decapsulator.at();
        Packet inner = packet;
        if (currentUsed) {
            inner = worker.pool().take();
            if (inner == null) {
                return DropReason.NO_BUFFER;
            }
            inner.copyOriginFrom(packet);
            int at = inner.append(length);
            MemorySegment.copy(packet.buffer(), decapsulator.at(), inner.buffer(), at, length);
        } else {
            inner.bounds(decapsulator.at(), decapsulator.end());
            inner.assembledFrom(0, 0);
            inner.clearOffload();
        }
        inner.forgetHeaders();
        DropReason why = fits(inner, its);
        if (why == NONE) {
            inner.ingress(its.tunnel.tunnelInterface());
            joiner.add(inner, its);
            currentUsed = true;
        } else if (inner != packet) {
            worker.pool().give(inner);
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

    /** Sees to it that so many more inner packets have room. */
    private void makeRoom(int packets, PacketWorker worker, long now) {
        if (joiner.room() < texts.size() + packets) {
            open(worker, now);
            enter(worker, now);
        }
    }

    /** What was collected is opened, and all inner packets enter the pipeline. */
    @Override
    public void flush(PacketWorker worker, long now) {
        flushes = false;
        try {
            open(worker, now);
        } finally {
            enter(worker, now);
        }
    }

    private void enter(PacketWorker worker, long now) {
        Packet packet = joiner.poll();
        while (packet != null) {
            NetworkInterface tunnel = packet.ingress();
            if (tunnel != null) {
                worker.decapsulated(packet, tunnel, now);
            }
            packet = joiner.poll();
        }
    }

    private void reportUnknown(int spi, long now) {
        if (unknown.allows(now)) {
            database.events().offer(new SaEvent.UnknownSpi(spi, new IpAddress(sourceHigh, sourceLow)));
        }
    }
}
