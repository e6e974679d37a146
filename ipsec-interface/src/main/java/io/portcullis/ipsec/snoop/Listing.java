package io.portcullis.ipsec.snoop;

/** Lines of {@code name : value}, indented by what they belong to. */
final class Listing {
    private static final int STEP = 2;

    private final StringBuilder text = new StringBuilder(1024);
    private int indent;

    void title(String line) {
        text.append(" ".repeat(indent)).append(line).append('\n');
    }

    void field(String name, Object value) {
        title((name + " : " + value).stripTrailing());
    }

    /** One step deeper. */
    void within(Runnable lines) {
        indent += STEP;
        lines.run();
        indent -= STEP;
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
