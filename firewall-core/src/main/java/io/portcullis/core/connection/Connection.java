package io.portcullis.core.connection;

import io.portcullis.core.iface.NetworkInterface;
import io.portcullis.core.packet.IpProtocol;
import io.portcullis.core.pipeline.Policy;
import org.jspecify.annotations.Nullable;

/** A conversation between two hosts that a policy allowed. Pooled; belongs to one worker. */
public final class Connection {
    private final Flow original = new Flow(this, true);
    private final Flow reply = new Flow(this, false);
    private boolean open;
    private int protocol;
    private @Nullable Policy policy;
    private long generation;
    private long openedAt;
    private TcpState tcpState = TcpState.NONE;
    private boolean trustsWindows;

    int wheelSlot;

    @Nullable
    Connection wheelNext;

    @Nullable
    Connection wheelPrevious;

    boolean replaceable;

    @Nullable
    Connection replaceNext;

    @Nullable
    Connection replacePrevious;

    Connection() {}

    /** The direction of the packet that opened it. */
    public Flow original() {
        return original;
    }

    public Flow reply() {
        return reply;
    }

    /** Whether it is in use; a pooled object that waits for its next connection is not. */
    public boolean isOpen() {
        return open;
    }

    /** IP protocol number. */
    public int protocol() {
        return protocol;
    }

    /** The policy that allowed it; null for what the firewall itself may do. */
    public @Nullable Policy policy() {
        return policy;
    }

    /** Generation of the configuration under which it was last found allowed. */
    public long generation() {
        return generation;
    }

    /** It is allowed under this generation of the configuration, by this policy. */
    public void confirm(@Nullable Policy newPolicy, long newGeneration) {
        policy = newPolicy;
        generation = newGeneration;
    }

    /** Monotonic nanoseconds. */
    public long openedAt() {
        return openedAt;
    }

    /** Whether packets leave otherwise than they came, in any direction. */
    public boolean isTranslated() {
        return original.isTranslated() || reply.isTranslated();
    }

    /** Whether one of its directions comes in or leaves by this interface. */
    public boolean uses(NetworkInterface iface) {
        int index = iface.index();
        return original.ingress().index() == index
                || original.egress().index() == index
                || reply.ingress().index() == index
                || reply.egress().index() == index;
    }

    /** The state in one word: TCP's, or the kind of protocol. */
    public String state() {
        return switch (protocol) {
            case IpProtocol.TCP -> tcpState.label();
            case IpProtocol.UDP -> "UDP";
            case IpProtocol.ICMP, IpProtocol.ICMPV6 -> "PING";
            default -> "RAWIP";
        };
    }

    TcpState tcpState() {
        return tcpState;
    }

    void tcpState(TcpState newState) {
        tcpState = newState;
    }

    /** Whether nothing can be said of TCP windows, since segments came in fragments. */
    boolean trustsWindows() {
        return trustsWindows;
    }

    void trustWindows() {
        trustsWindows = true;
    }

    /** Whether both ends have shown that they mean it: what is not so is replaced when the table is full. */
    boolean isEstablished() {
        return protocol == IpProtocol.TCP
                ? tcpState == TcpState.ESTABLISHED
                : original.packets() > 1 && reply.packets() > 1;
    }

    void open(int newProtocol, long now) {
        open = true;
        protocol = newProtocol;
        openedAt = now;
        tcpState = TcpState.NONE;
        trustsWindows = false;
    }

    void release() {
        open = false;
        policy = null;
        original.release();
        reply.release();
    }
}
