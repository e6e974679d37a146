package io.portcullis.core.shaping;

import io.portcullis.core.connection.Flow;
import io.portcullis.core.iface.NetworkInterface;
import io.portcullis.core.packet.Packet;
import java.time.LocalDateTime;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which connections go through which pipes. Look-ups allocate nothing. */
public interface PipeRules {
    /** Nothing is shaped. */
    PipeRules NONE = new PipeRules() {
        @Override
        public @Nullable ConnectionPipes lookup(
                NetworkInterface in,
                NetworkInterface out,
                NetworkInterface way,
                long sourceHigh,
                long sourceLow,
                long destinationHigh,
                long destinationLow,
                int protocol,
                int sourcePort,
                int destinationPort) {
            return null;
        }

        @Override
        public List<Pipe> pipes() {
            return List.of();
        }
    };

    /**
     * The pipes of a connection that a policy has allowed, by its first packet as it was before translation; null for
     * none.
     *
     * @param out where what the packet is addressed to leads to
     * @param way where it leaves, which differs where its destination is translated
     */
    @Nullable
    ConnectionPipes lookup(
            NetworkInterface in,
            NetworkInterface out,
            NetworkInterface way,
            long sourceHigh,
            long sourceLow,
            long destinationHigh,
            long destinationLow,
            int protocol,
            int sourcePort,
            int destinationPort);

    /** The pipes of the connection that a packet would open. */
    default @Nullable ConnectionPipes lookup(
            Packet packet, NetworkInterface in, NetworkInterface out, NetworkInterface way) {
        return lookup(
                in,
                out,
                way,
                packet.sourceHigh(),
                packet.sourceLow(),
                packet.destinationHigh(),
                packet.destinationLow(),
                packet.protocol(),
                packet.sourcePort(),
                packet.destinationPort());
    }

    /** The pipes that a connection would get today, asked with its first direction. */
    default @Nullable ConnectionPipes lookup(Flow original, NetworkInterface out, NetworkInterface way) {
        return lookup(
                original.ingress(),
                out,
                way,
                original.sourceHigh(),
                original.sourceLow(),
                original.destinationHigh(),
                original.destinationLow(),
                original.connection().protocol(),
                original.sourcePort(),
                original.destinationPort());
    }

    /** All pipes that there are. */
    List<Pipe> pipes();

    /**
     * The same with those rules only that count at a time; these where none has a schedule.
     *
     * @param time of the firewall's zone
     */
    default PipeRules at(LocalDateTime time) {
        return this;
    }

    /** Names of the schedules by which other rules count at a time than at the one that these were made for. */
    default List<String> changesAt(LocalDateTime time) {
        return List.of();
    }
}
