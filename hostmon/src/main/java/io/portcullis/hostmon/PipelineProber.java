package io.portcullis.hostmon;

import io.portcullis.core.icmp.EchoClient;
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

    public PipelineProber(EchoClient echo, TcpClient tcp) {
        this.echo = echo;
        this.tcp = tcp;
    }

    @Override
    public Probe open(HostCheck check, Answers answers) {
        return check.method() == MonitorMethod.ICMP ? new Echo(check, answers) : new Connections(check, answers);
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
            request = check.method() == MonitorMethod.HTTP ? check.page().request() : NO_REQUEST;
        }

        @Override
        public void ask(int question) {
            ending.forEach(TcpClient.Connection::close);
            ending.clear();
            tcp.open(check.source(), check.host(), check.port(), check.by(), request, listener(question))
                    .ifPresent(connection -> open.put(question, connection));
        }

        private TcpClient.Listener listener(int question) {
            if (check.method() == MonitorMethod.HTTP) {
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
