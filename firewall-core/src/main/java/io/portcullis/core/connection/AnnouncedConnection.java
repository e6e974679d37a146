package io.portcullis.core.connection;

import io.portcullis.core.iface.NetworkInterface;
import io.portcullis.core.net.IpAddress;
import io.portcullis.core.net.Transposition;
import io.portcullis.core.pipeline.Policy;
import io.portcullis.core.pipeline.Redirection;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A data connection that a control connection has announced: the policy that lets it through, once and for a while,
 * translated as the control connection is. Its maker and the worker of the data connection may be two: what changes is
 * changed at once for all.
 */
public final class AnnouncedConnection implements Policy {
    private final Policy policy;
    private final Control control;
    private final NetworkInterface ingress;
    private final IpAddress opener;
    private final IpAddress addressed;
    private final int port;
    private final @Nullable Transposition newSources;
    private final @Nullable Redirection redirection;
    private final long deadline;
    private final AtomicBoolean over = new AtomicBoolean();

    /**
     * The control connection, as its opener sees it.
     *
     * @param ingress where he comes in
     */
    public record Control(
            NetworkInterface ingress, IpAddress source, int sourcePort, IpAddress destination, int destinationPort) {
        @Override
        public String toString() {
            return source.withPort(sourcePort) + " -> " + destination.withPort(destinationPort);
        }
    }

    /**
     * The two ends of a data connection.
     *
     * @param ingress where its opener comes in
     * @param opener who opens it, as he comes in
     * @param newOpener the address that he leaves with
     * @param addressed what he opens it to, at {@code port}
     * @param listener who is there indeed, at {@code listenerPort}
     */
    public record Ends(
            NetworkInterface ingress,
            IpAddress opener,
            IpAddress newOpener,
            IpAddress addressed,
            int port,
            IpAddress listener,
            int listenerPort) {}

    /**
     * @param policy of the control connection
     * @param deadline monotonic nanoseconds, until when it may be opened
     */
    AnnouncedConnection(Policy policy, Control control, Ends ends, long deadline) {
        this.policy = policy;
        this.control = control;
        this.ingress = ends.ingress;
        this.opener = ends.opener;
        this.addressed = ends.addressed;
        this.port = ends.port;
        this.newSources = ends.opener.equals(ends.newOpener) ? null : new Transposition(ends.opener, ends.newOpener);
        boolean isDirect = ends.addressed.equals(ends.listener) && ends.port == ends.listenerPort;
        this.redirection = isDirect ? null : new Redirection(ends.listener, ends.listenerPort);
        this.deadline = deadline;
    }

    /** The control connection that announced it. */
    public Control control() {
        return control;
    }

    IpAddress opener() {
        return opener;
    }

    IpAddress addressed() {
        return addressed;
    }

    int port() {
        return port;
    }

    /** Whether it may still be opened. */
    boolean isOpen(long now) {
        return !over.get() && now - deadline < 0;
    }

    /** Whether these are the ends that were announced; addresses as in a packet. */
    boolean is(long openerHigh, long openerLow, long addressedHigh, long addressedLow, int addressedPort) {
        return port == addressedPort
                && addressed.low() == addressedLow
                && opener.low() == openerLow
                && addressed.high() == addressedHigh
                && opener.high() == openerHigh;
    }

    boolean comesInBy(NetworkInterface in) {
        return ingress.equals(in);
    }

    /** Opens it: true once, and not after it was withdrawn. */
    boolean take() {
        return over.compareAndSet(false, true);
    }

    /** It may not be opened any more. */
    void withdraw() {
        over.set(true);
    }

    @Override
    public String name() {
        return policy.name();
    }

    @Override
    public Action action() {
        return Action.ALLOW;
    }

    @Override
    public boolean logs() {
        return policy.logs();
    }

    @Override
    public SourceTranslation sourceTranslation() {
        return newSources == null ? SourceTranslation.NONE : SourceTranslation.SAT;
    }

    @Override
    public @Nullable Transposition newSources() {
        return newSources;
    }

    @Override
    public @Nullable Redirection redirection() {
        return redirection;
    }

    @Override
    public void hit(long now) {
        policy.hit(now);
    }

    /** {@code allow_ftp: announced by the FTP control connection 192.0.2.7:4000 -> 198.51.100.9:21}. */
    @Override
    public String toString() {
        return policy.name() + ": announced by the FTP control connection " + control;
    }
}
