package io.portcullis.core.shaping;

/**
 * Whose packets share a user's limits in a pipe. Ports are those of one address: the same on another is another user.
 */
public enum Grouping {
    NONE("None"),
    SOURCE_IP("SourceIP"),
    SOURCE_NET("SourceNet"),
    SOURCE_PORT("SourcePort"),
    DESTINATION_IP("DestinationIP"),
    DESTINATION_NET("DestinationNet"),
    DESTINATION_PORT("DestinationPort");

    private final String word;

    Grouping(String word) {
        this.word = word;
    }

    boolean isBySource() {
        return this == SOURCE_IP || this == SOURCE_NET || this == SOURCE_PORT;
    }

    boolean isByPort() {
        return this == SOURCE_PORT || this == DESTINATION_PORT;
    }

    /** Whether users are networks. */
    public boolean isByNetwork() {
        return this == SOURCE_NET || this == DESTINATION_NET;
    }

    @Override
    public String toString() {
        return word;
    }
}
