package io.portcullis.core.pipeline;

/** What is done about a packet that is suspicious, and that could be handled all the same. */
public enum Reaction {
    /** It goes on. */
    IGNORE("Ignore"),
    /** It goes on, and an event says so. */
    LOG("Log"),
    /** It dies. */
    DROP("Drop"),
    /** It dies, and an event says so. */
    DROP_LOG("DropLog");

    private final String word;

    Reaction(String word) {
        this.word = word;
    }

    boolean drops() {
        return this == DROP || this == DROP_LOG;
    }

    boolean logs() {
        return this == LOG || this == DROP_LOG;
    }

    /** The word in configurations. */
    @Override
    public String toString() {
        return word;
    }
}
