package io.portcullis.core.connection;

import io.portcullis.core.event.EventSink;
import io.portcullis.core.ftp.ControlStream;
import io.portcullis.core.ftp.DataAddress;
import io.portcullis.core.iface.PacketWorker;
import io.portcullis.core.net.IpAddress;
import io.portcullis.core.packet.Checksums;
import io.portcullis.core.packet.DropReason;
import io.portcullis.core.packet.IpProtocol;
import io.portcullis.core.packet.Packet;
import io.portcullis.core.packet.Tcp;
import io.portcullis.core.pipeline.Policy;
import java.lang.foreign.MemorySegment;
import java.util.Objects;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Follows control connections of FTP (RFC 959, RFC 2428): what they announce may be opened, once, by the other of the
 * two hosts and nobody else; and where addresses are translated, those that are announced are too, so that the numbers
 * of what follows are shifted. Between tracking and translation: before it are the sender's own numbers, behind it the
 * receiver's. Belongs to one worker.
 */
final class FtpHelper {
    /** Control connections that are followed at once, for each worker. */
    static final int MOST_SESSIONS = 4096;
    /** How long an announced connection may be opened, nanoseconds. */
    static final long PATIENCE = 60_000_000_000L;
    /** What a client and a server may not announce: ports of services (RFC 2577 section 3). */
    static final int LEAST_PORT = 1024;
    /** How much shorter segments are where lines may become longer. */
    private static final int ROOM = 128;
    /** How many ports are tried on behalf of a host whose own is taken. */
    private static final int TRIES = 16;

    private static final int MOST_LENGTH = 0xffff;

    private final ConnectionTable table;
    private final Announcements announcements;
    private final FtpEvents events;
    private final RandomGenerator random;
    private final Quotation quotation = new Quotation();
    private final FtpSessions sessions = new FtpSessions();

    FtpHelper(ConnectionTable table, Announcements announcements, EventSink events, RandomGenerator random) {
        this.table = table;
        this.announcements = announcements;
        this.events = new FtpEvents(events);
        this.random = random;
    }

    /** Whether a policy wants the connection followed that the packet would open. */
    static boolean isWanted(Packet packet, Policy policy) {
        return packet.protocol() == IpProtocol.TCP
                && policy.application(packet.protocol(), packet.sourcePort(), packet.destinationPort())
                        == Policy.Application.FTP;
    }

    boolean hasRoom() {
        return sessions.size() < MOST_SESSIONS;
    }

    void refuse(Packet packet, Policy policy, long now) {
        events.full(
                policy,
                new IpAddress(packet.sourceHigh(), packet.sourceLow()),
                packet.sourcePort(),
                new IpAddress(packet.destinationHigh(), packet.destinationLow()),
                packet.destinationPort(),
                now);
    }

    /** Begins to follow a connection, which is new. */
    void begin(Connection connection) {
        Flow original = connection.original();
        boolean sameSource =
                original.sourceLow() == original.newSourceLow() && original.sourceHigh() == original.newSourceHigh();
        boolean sameDestination = original.destinationLow() == original.newDestinationLow()
                && original.destinationHigh() == original.newDestinationHigh();
        sessions.put(connection.number(), new FtpSession(!sameSource || !sameDestination));
        connection.followed(true);
    }

    /** A followed connection is closed: what it has announced may not be opened any more. */
    void end(Connection connection) {
        FtpSession session = sessions.remove(connection.number());
        if (session != null) {
            withdraw(session);
        }
    }

    private void withdraw(FtpSession session) {
        AnnouncedConnection announced = session.announced;
        session.announced = null;
        if (announced != null) {
            announcements.withdraw(announced);
        }
    }

    /** Says what was swallowed. */
    void tick(long now) {
        events.tick(now);
    }

    /** As {@link ConnectionTable#accept}, of a followed connection. */
    DropReason accept(Flow flow, Packet packet, PacketWorker worker, long now) {
        FtpSession session = sessions.get(flow.connection().number());
        if (session == null || packet.protocol() != IpProtocol.TCP || packet.fragmentOffset() != 0) {
            shiftQuoted(session, flow, packet);
            return table.accept(flow, packet, now);
        }
        ControlStream back = session.stream(!flow.isOriginal());
        int seen = Tcp.acknowledgement(packet.buffer(), packet.transportAt());
        if (back.isChanged()) {
            originalAcknowledgements(packet, back);
        }
        DropReason why = table.accept(flow, packet, now);
        return why == DropReason.NONE ? follow(session, flow, packet, seen, worker, now) : why;
    }

    private DropReason follow(FtpSession session, Flow flow, Packet packet, int seen, PacketWorker worker, long now) {
        MemorySegment b = packet.buffer();
        int at = packet.transportAt();
        int flags = Tcp.flags(b, at);
        ControlStream from = session.stream(flow.isOriginal());
        ControlStream back = session.stream(!flow.isOriginal());
        int dataAt = at + Tcp.headerLength(b, at);
        int data = packet.payloadEnd() - dataAt;
        if ((flags & Tcp.SYN) != 0) {
            return data > 0 ? DropReason.FTP_WAITS : open(session, flow, packet);
        }
        if ((flags & Tcp.ACK) != 0) {
            back.acknowledged(Tcp.acknowledgement(b, at));
        }
        int sequence = Tcp.sequence(b, at);
        boolean finishes = (flags & Tcp.FIN) != 0;
        if ((data > 0 || finishes) && (flags & Tcp.RST) == 0) {
            DropReason why = read(session, flow, packet, finishes, now);
            if (why != DropReason.NONE) {
                return why;
            }
        }
        if (from.isChanged()) {
            if (from.isHoldingOnly() && data > 0 && sequence + data == from.next()) {
                acknowledge(flow, packet, seen, from.next(), worker, now);
            }
            int end = from.rewrite(b, dataAt, packet.payloadEnd(), sequence);
            TcpSegment.change(packet, from.shifted(sequence), end);
        }
        return DropReason.NONE;
    }

    /** A SYN, or the answer to one, from which on numbers are known. */
    private static DropReason open(FtpSession session, Flow flow, Packet packet) {
        MemorySegment b = packet.buffer();
        int at = packet.transportAt();
        ControlStream from = session.stream(flow.isOriginal());
        ControlStream back = session.stream(!flow.isOriginal());
        int first = Tcp.sequence(b, at) + 1;
        boolean isAnswer = (Tcp.flags(b, at) & Tcp.ACK) != 0;
        if (!isAnswer && !(from.hasBegun() && back.hasBegun())) {
            from.begin(first);
        } else if (isAnswer && flow.connection().tcpState() == TcpState.SYN_RECEIVED) {
            from.begin(first);
            back.begin(Tcp.acknowledgement(b, at));
        }
        int mss = Tcp.mss(b, at);
        if (session.translates && mss > 2 * ROOM) {
            Checksums.clampMss(packet, mss - ROOM);
        }
        return DropReason.NONE;
    }

    /** Reads what is new in a segment. A segment that does not pass was not read. */
    private DropReason read(FtpSession session, Flow flow, Packet packet, boolean finishes, long now) {
        MemorySegment b = packet.buffer();
        int at = packet.transportAt();
        ControlStream from = session.stream(flow.isOriginal());
        int dataAt = at + Tcp.headerLength(b, at);
        int known = from.next() - Tcp.sequence(b, at);
        if (known < 0) {
            return DropReason.FTP_WAITS;
        }
        int data = packet.payloadEnd() - dataAt;
        if (known > data || (known == data && !finishes)) {
            return DropReason.NONE;
        }
        boolean asked = session.asked;
        from.mark();
        DropReason why = lines(session, flow, b, dataAt + known, packet.payloadEnd(), now);
        if (why == DropReason.NONE) {
            boolean mayAnnounce = from.count() > 0
                    && !session.encrypted
                    && DataAddress.mayBecome(from.line(), from.count(), flow.isOriginal());
            if (mayAnnounce && from.isOverlong()) {
                why = refuse(flow, "too long", now);
            } else if (!from.endSegment(session.translates && mayAnnounce, finishes)) {
                why = DropReason.FTP_WAITS;
            }
        }
        boolean fits = packet.payloadEnd() - packet.networkAt() + from.mostGrowth() <= MOST_LENGTH;
        if (why == DropReason.NONE && fits) {
            return why;
        }
        from.undo();
        session.asked = asked;
        return why == DropReason.NONE ? DropReason.FTP_WAITS : why;
    }

    private DropReason lines(FtpSession session, Flow flow, MemorySegment b, int first, int end, long now) {
        ControlStream from = session.stream(flow.isOriginal());
        int at = from.read(b, first, end);
        while (at >= 0) {
            DropReason why = line(session, flow, from, now);
            if (why != DropReason.NONE) {
                return why;
            }
            at = from.read(b, at, end);
        }
        return DropReason.NONE;
    }

    /** A line is complete. */
    private DropReason line(FtpSession session, Flow flow, ControlStream from, long now) {
        byte[] line = from.line();
        int count = from.count();
        boolean fromClient = flow.isOriginal();
        DataAddress.Form form = session.encrypted ? null : DataAddress.form(line, count, fromClient);
        if (form == null || (!fromClient && !session.asked)) {
            hear(session, line, count, fromClient);
            return from.endLine() ? DropReason.NONE : DropReason.FTP_WAITS;
        }
        if (from.isOverlong()) {
            return refuse(flow, "too long", now);
        }
        DataAddress said = DataAddress.parse(line, count, form);
        if (said == null) {
            return refuse(flow, "malformed", now);
        }
        Flow listener = fromClient ? flow : flow.connection().reply();
        if (said.address() != null && !said.address().equals(listener.source())) {
            return refuse(flow, "names another host: " + said.address(), now);
        }
        if (said.port() < LEAST_PORT) {
            return refuse(flow, "names the port of a service: " + said.port(), now);
        }
        return announce(session, flow, from, said, now);
    }

    /** What else is said. */
    private static void hear(FtpSession session, byte[] line, int count, boolean fromClient) {
        if (fromClient) {
            session.asked |= DataAddress.begins(line, count, "PASV") || DataAddress.begins(line, count, "EPSV");
            session.asksForTls |= DataAddress.begins(line, count, "AUTH ");
        } else if (session.asksForTls && DataAddress.begins(line, count, "234 ")) {
            session.encrypted = true;
        }
    }

    private DropReason announce(FtpSession session, Flow flow, ControlStream from, DataAddress said, long now) {
        Connection connection = flow.connection();
        Flow original = connection.original();
        Flow reply = connection.reply();
        Policy policy = Objects.requireNonNull(connection.policy());
        // The other end opens it, as it knows the one that listens.
        Flow opening = flow.reverse();
        IpAddress opener = opening.source();
        IpAddress addressed = opening.destination();
        AnnouncedConnection.Control control = new AnnouncedConnection.Control(
                original.ingress(),
                original.source(),
                original.sourcePort(),
                original.destination(),
                original.destinationPort());
        withdraw(session);
        Announcements.Offer offer = Announcements.Offer.TAKEN;
        int tries = session.translates ? TRIES : 1;
        for (int i = 0; i < tries && offer == Announcements.Offer.TAKEN; i++) {
            int port = i == 0 ? said.port() : random.nextInt(SourcePorts.FIRST, SourcePorts.LAST + 1);
            AnnouncedConnection announced = new AnnouncedConnection(
                    policy,
                    control,
                    new AnnouncedConnection.Ends(
                            flow.isOriginal() ? reply.ingress() : original.ingress(),
                            opener,
                            opening.newSource(),
                            addressed,
                            port,
                            flow.source(),
                            said.port()),
                    now + PATIENCE);
            offer = announcements.offer(announced, now);
            if (offer == Announcements.Offer.ACCEPTED) {
                session.announced = announced;
            }
        }
        AnnouncedConnection announced = session.announced;
        if (announced == null) {
            return refuse(flow, "no more can be announced", now);
        }
        boolean isSame = addressed.equals(flow.source()) && announced.port() == said.port();
        boolean fits = isSame
                ? from.endLine()
                : from.endLine(said.replaced(from.line(), from.count(), addressed, announced.port()));
        if (!fits) {
            withdraw(session);
            return DropReason.FTP_WAITS;
        }
        session.asked &= flow.isOriginal();
        events.announced(policy, announced, now);
        return DropReason.NONE;
    }

    private DropReason refuse(Flow flow, String reason, long now) {
        events.refused(Objects.requireNonNull(flow.connection().policy()), flow, reason, now);
        return DropReason.FTP_REFUSED;
    }

    /**
     * Tells a sender that what is withheld was received: else he may wait for that before he sends the rest of the line
     * (RFC 896). What is withheld goes with the rest, as often as he repeats that.
     */
    private void acknowledge(Flow flow, Packet packet, int sequence, int next, PacketWorker worker, long now) {
        Packet answer =
                flow.connection().is(Connection.RELAYED) ? null : worker.pool().take();
        if (answer == null) {
            return;
        }
        answer.copyFrom(packet);
        answer.lastTunnel(null);
        TcpEnd receiver = flow.reverse().tcp;
        int window = Math.clamp(receiver.maxWindow() >> receiver.scale(), 1, MOST_LENGTH);
        TcpSegment.acknowledge(answer, sequence, next, window);
        Flow back = flow.reverse();
        DropReason why = back.egress().send(answer, back.gateway(), worker, now);
        if (why != DropReason.NONE) {
            worker.drop(answer, why);
        }
    }

    /** Makes what a receiver says that it got the sender's own numbers. */
    private static void originalAcknowledgements(Packet packet, ControlStream sender) {
        MemorySegment b = packet.buffer();
        int at = packet.transportAt();
        if ((Tcp.flags(b, at) & Tcp.ACK) == 0) {
            return;
        }
        int seen = Tcp.acknowledgement(b, at);
        TcpSegment.shiftAcknowledgement(packet, sender.received(seen) - seen);
        int sack = Tcp.optionAt(b, at, Tcp.OPTION_SACK);
        if (sack == 0) {
            return;
        }
        for (int edge = sack + 2; edge + Integer.BYTES <= sack + Tcp.optionLength(b, sack); edge += Integer.BYTES) {
            TcpSegment.replaceWord(packet, edge, sender.original(TcpSegment.word(b, edge)));
        }
    }

    /** An ICMP error quotes the numbers that its receiver's segment had behind the firewall. */
    private void shiftQuoted(@Nullable FtpSession session, Flow flow, Packet error) {
        if (session == null || !session.isChanged() || !quotation.read(error)) {
            return;
        }
        if (quotation.protocol == IpProtocol.TCP) {
            ControlStream sender = session.stream(!flow.isOriginal());
            int quoted = quotation.sequence(error);
            quotation.shiftSequence(error, sender.original(quoted) - quoted);
        }
    }
}
