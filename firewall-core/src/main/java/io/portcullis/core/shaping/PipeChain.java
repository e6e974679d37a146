package io.portcullis.core.shaping;

import io.portcullis.core.packet.Ipv4;
import io.portcullis.core.packet.Ipv6;
import io.portcullis.core.packet.Packet;
import java.util.HashSet;
import java.util.List;

/** Pipes that packets go through one after the other. All belong to the same worker. */
public final class PipeChain {
    /** Pipes in a chain, at most. */
    public static final int MOST = 8;

    /** The precedence of a packet is the default one of the first pipe. */
    public static final int FROM_PIPE = -1;

    /** It is the upper three bits of its DS field, the class selector of RFC 2474 section 4.2.2. */
    public static final int FROM_DSCP = -2;

    private static final int SELECTOR_SHIFT = 3;

    private final List<Pipe> pipes;
    private final int precedence;

    /**
     * @param pipes different ones, from one to {@link #MOST}, of the same owner
     * @param precedence that packets enter with, 0 to 7, or {@link #FROM_PIPE} or {@link #FROM_DSCP}
     */
    public PipeChain(List<Pipe> pipes, int precedence) {
        this.pipes = List.copyOf(pipes);
        this.precedence = precedence;
        boolean isSound = !pipes.isEmpty()
                && new HashSet<>(pipes).size() == pipes.size()
                && pipes.stream()
                        .allMatch(pipe -> pipe.owner() == pipes.getFirst().owner());
        if (!isSound) {
            throw new IllegalArgumentException("no chain: " + pipes);
        }
    }

    /** The pipes, in order. */
    public List<Pipe> pipes() {
        return pipes;
    }

    /** The worker whose pipes these are. */
    public int owner() {
        return pipes.getFirst().owner();
    }

    /** The precedence that a parsed packet enters with. */
    public int precedence(Packet packet) {
        return switch (precedence) {
            case FROM_PIPE -> pipes.getFirst().definition().byDefault();
            case FROM_DSCP ->
                (packet.ipVersion() == 4
                                ? Ipv4.dscp(packet.buffer(), packet.networkAt())
                                : Ipv6.dscp(packet.buffer(), packet.networkAt()))
                        >>> SELECTOR_SHIFT;
            default -> precedence;
        };
    }

    Pipe pipe(int index) {
        return pipes.get(index);
    }

    int size() {
        return pipes.size();
    }

    @Override
    public String toString() {
        return pipes.toString();
    }
}
