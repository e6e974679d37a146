package io.portcullis.test.bench.row;

/** How much time a measurement may take. */
public enum Effort {
    /** So that the whole table takes less than four minutes. */
    QUICK(1, 2),
    FULL(3, 5);

    private final int warmUpSeconds;
    private final int seconds;

    Effort(int warmUpSeconds, int seconds) {
        this.warmUpSeconds = warmUpSeconds;
        this.seconds = seconds;
    }

    /** Traffic before what counts: compilers and windows settle. */
    public int warmUpSeconds() {
        return warmUpSeconds;
    }

    /** Traffic that counts. */
    public int seconds() {
        return seconds;
    }
}
