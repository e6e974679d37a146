package io.portcullis.core.routing;

import io.portcullis.core.iface.NetworkInterface;

/** Policy-based routing: which tables the packets of a connection are routed by. Look-ups allocate nothing. */
public interface RoutingRules {
    /** Everything is routed by {@code main}. */
    RoutingRules NONE = new RoutingRules() {
        @Override
        public int size() {
            return 0;
        }

        @Override
        public String name(int rule) {
            throw new IndexOutOfBoundsException(rule);
        }

        @Override
        public String forwardTable(int rule) {
            throw new IndexOutOfBoundsException(rule);
        }

        @Override
        public String returnTable(int rule) {
            throw new IndexOutOfBoundsException(rule);
        }

        @Override
        public int first(
                NetworkInterface in,
                NetworkInterface out,
                long sourceHigh,
                long sourceLow,
                long destinationHigh,
                long destinationLow,
                int protocol,
                int sourcePort,
                int destinationPort) {
            return -1;
        }
    };

    /** How many there are. */
    int size();

    /** Its name, or its place in the list when it has none. */
    String name(int rule);

    /** Name of the table that packets of who opens a connection are routed by. */
    String forwardTable(int rule);

    /** Name of the table that the answers are routed by, and by which it is checked where the opener comes from. */
    String returnTable(int rule);

    /**
     * Number of the first rule that matches a packet that would open a connection, from 0; -1 when none does.
     *
     * @param out where {@code main} leads to
     */
    int first(
            NetworkInterface in,
            NetworkInterface out,
            long sourceHigh,
            long sourceLow,
            long destinationHigh,
            long destinationLow,
            int protocol,
            int sourcePort,
            int destinationPort);
}
