package io.portcullis.test.bench.generator;

/**
 * UDP ports that follow each other.
 *
 * @param first the lowest
 * @param count how many, at least one
 */
public record PortRange(int first, int count) {
    public PortRange {
        if (first < 0 || count < 1 || first + count > 65_536) {
            throw new IllegalArgumentException(first + " and " + count + " are no range of ports");
        }
    }

    public static PortRange of(int port) {
        return new PortRange(port, 1);
    }
}
