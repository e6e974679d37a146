package io.portcullis.core.routing;

/** How a routing table stands to {@code main} for packets that a routing rule sends to it (cos-facts section 1.2). */
public enum Ordering {
    /** Main first; where it has nothing or only a default route, this table; then main's default route. */
    DEFAULT("Default"),
    /** This table first, then main. */
    FIRST("First"),
    /** This table only. */
    ONLY("Only");

    private final String word;

    Ordering(String word) {
        this.word = word;
    }

    @Override
    public String toString() {
        return word;
    }
}
