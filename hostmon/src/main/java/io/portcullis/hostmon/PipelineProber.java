package io.portcullis.hostmon;

import io.portcullis.core.icmp.EchoClient;
import io.portcullis.core.iface.EthernetInterface;
import io.portcullis.core.iface.PacketWorker;
import io.portcullis.core.iface.WorkerMailbox;
import io.portcullis.core.neighbour.Neighbours;
import io.portcullis.core.routing.Route;
import io.portcullis.core.tcp.TcpClient;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Asks by packets of the firewall's own, which go the way of all packets: docs/decisions/0014. Probes are asked and
 * closed by one thread.
 */
public final class PipelineProber implements Prober {
    /** As ping sends. */
    private static final int PAYLOAD = 4;

    private static final byte[] NO_REQUEST = {};

    private final EchoClient echo;
    private final TcpClient tcp;
    private final WorkerMailbox workers;

    /** @param workers who have the neighbours of interfaces */
    public PipelineProber(EchoClient echo, TcpClient tcp, WorkerMailbox workers) {
        this.echo = echo;
        this.tcp = tcp;
        this.workers = workers;
    }

    @Override
    public Probe open(HostCheck check, Answers answers) {
        return switch (check.protocol()) {
            case ICMP -> new Echo(check, answers);
            case TCP, HTTP -> new Connections(check, answers);
            case ARP, ND -> new Neighbour(check, answers);
        };
    }

    /** One ping for as long as the host is monitored. */
    private final class Echo implements Probe {
        private final HostCheck check;
        private final Answers answers;
        private Optional<EchoClient.Ping> ping = Optional.empty();

        Echo(HostCheck check, Answers answers) {
            this.check = check;
            this.answers = answers;
        }

        @Override
        public void ask(int question) {
            if (ping.isEmpty()) {
                ping = echo.open(
                        check.source(),
                        check.host(),
                        check.by(),
                        (sequence, roundTrip, _, _) -> answers.answered(sequence, roundTrip));
            }
            ping.ifPresent(open -> open.send(question, PAYLOAD));
        }

        @Override
        public void over(int question) {}

        @Override
        public void close() {
            ping.ifPresent(EchoClient.Ping::close);
        }
    }

    /** A neighbour is asked for by the first worker that has a port of the interface. */
    private final class Neighbour implements Probe, Neighbours.ProbeListener {
        private final HostCheck check;
        private final Answers answers;
        private volatile int latest;

        Neighbour(HostCheck check, Answers answers) {
            this.check = check;
            this.answers = answers;
        }

        @Override
        public void ask(int question) {
            latest = question;
            onWorker((neighbours, on, now) -> neighbours.probe(check.host(), this, on, now));
        }

        @Override
        public void answered(long roundTrip) {
            answers.answered(latest, roundTrip);
        }

        @Override
        public void over(int question) {}

        @Override
        public void close() {
            onWorker((neighbours, _, _) -> neighbours.endProbe(this));
        }

        private void onWorker(NeighbourWork work) {
            Route by = check.by();
            if (by != null && by.iface() instanceof EthernetInterface ethernet) {
                int worker = ethernet.links().getFirst().worker();
                // With a full mailbox the question counts as lost.
                boolean _ = workers.execute(worker, (on, now) -> work.run(ethernet.neighbours(), on, now));
            }
        }
    }

    /** Something to do with the neighbours of an interface, on their worker. */
    @FunctionalInterface
    private interface NeighbourWork {
        void run(Neighbours neighbours, PacketWorker on, long now);
    }

    /** A connection for each question. */
    private final class Connections implements Probe {
        private final HostCheck check;
        private final Answers answers;
        private final byte[] request;
        private final Map<Integer, TcpClient.Connection> open = new HashMap<>();
        /** Have until the next question to end in good order. */
        private final List<TcpClient.Connection> ending = new ArrayList<>();

        Connections(HostCheck check, Answers answers) {
            this.check = check;
            this.answers = answers;
            request = check.protocol() == Protocol.HTTP ? check.page().request() : NO_REQUEST;
        }

        @Override
        public void ask(int question) {
            ending.forEach(TcpClient.Connection::close);
            ending.clear();
            tcp.open(check.source(), check.host(), check.port(), check.by(), request, listener(question))
                    .ifPresent(connection -> open.put(question, connection));
        }

        private TcpClient.Listener listener(int question) {
            if (check.protocol() == Protocol.HTTP) {
                return new HttpAnswer(check.page().expected(), latency -> answers.answered(question, latency));
            }
            return new TcpClient.Listener() {
                @Override
                public void connected(long roundTrip) {
                    answers.answered(question, roundTrip);
                }

                @Override
                public boolean received(MemorySegment octets, long at, int length, long sinceOpening) {
                    return true;
                }
            };
        }

        @Override
        public void over(int question) {
            TcpClient.Connection connection = open.remove(question);
            if (connection != null) {
                ending.add(connection);
            }
        }

        @Override
        public void close() {
            ending.addAll(open.values());
            ending.forEach(TcpClient.Connection::close);
            ending.clear();
            open.clear();
        }
    }
}
