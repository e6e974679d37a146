package io.portcullis.core.port;

/**
 * How a port's device is. Immutable; a port replaces it when something changes.
 *
 * @param openings how often the device was taken over: more than once when it vanished and came back
 * @param trouble why a device that came back could not be taken over, "" when that is not so
 */
public record PortStatus(State state, int openings, String trouble) {
    /** What a device that nothing happens to is. */
    public static final PortStatus UP = new PortStatus(State.UP, 1, "");

    /** Whether frames can come and go. */
    public enum State {
        UP("up", true),
        NO_CARRIER("no carrier", true),
        /** Somebody set it down; it is left so. */
        DOWN("down", false),
        /** There is none of that name, or it was not taken over again. */
        GONE("gone", false);

        private final String words;
        private final boolean takes;

        State(String words, boolean takes) {
            this.words = words;
            this.takes = takes;
        }

        /** Whether the device takes frames, even if nobody is at the other end. */
        public boolean takesFrames() {
            return takes;
        }

        @Override
        public String toString() {
            return words;
        }
    }
}
