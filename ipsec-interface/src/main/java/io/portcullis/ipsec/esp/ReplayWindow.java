package io.portcullis.ipsec.esp;

/**
 * Anti-replay window of one inbound SA (RFC 4303 section 3.4.3 and appendix A). Before the ICV is checked
 * {@link #mayAccept} can give a firm no but never a firm yes, and changes nothing; {@link #accepted} is for packets
 * that proved authentic. Good for 2^63-1 packets: an SA is rekeyed long before. Owned by one worker.
 */
public final class ReplayWindow {
    static final int MAX_SIZE = 4096;

    private static final long LOW = 0xffff_ffffL;

    private final int size;
    private final boolean extended;
    // Ring of words (RFC 6479). One word more than the window, so that a window that ends inside a word is whole.
    private final long[] words;
    private final int wordMask;
    private long top;

    /**
     * @param size packets, a multiple of 64 up to {@value #MAX_SIZE}; 0 accepts every sequence number any number of
     *     times
     * @param extended 64-bit sequence numbers of which the packet carries the lower half
     */
    public ReplayWindow(int size, boolean extended) {
        if (size < 0 || size > MAX_SIZE || size % 64 != 0) {
            throw new IllegalArgumentException("replay window " + size + " is not a multiple of 64 up to " + MAX_SIZE);
        }
        this.size = size;
        this.extended = extended;
        words = new long[Integer.highestOneBit(Math.max(1, size / 64)) << 1];
        wordMask = words.length - 1;
    }

    /** The number that a packet with these 32 bits most likely has; 0 or below when it can only be a replay. */
    public long full(int low) {
        long given = low & LOW;
        if (!extended) {
            return given;
        }
        // Appendix A2.2. With the check off the upper half still has to be guessed: the least window does it.
        long span = Math.max(size, 64) - 1L;
        long topLow = top & LOW;
        long topHigh = top >>> 32;
        long bottomLow = (topLow - span) & LOW;
        if (topLow >= span) {
            return (given >= bottomLow ? topHigh : topHigh + 1) << 32 | given;
        }
        return given >= bottomLow ? (topHigh - 1) << 32 | given : topHigh << 32 | given;
    }

    /** Whether this number may be new: not seen, not behind the window. */
    public boolean mayAccept(long sequence) {
        if (sequence <= 0) {
            return false;
        }
        if (size == 0 || sequence > top) {
            return true;
        }
        return top - sequence < size && (words[word(sequence)] & bit(sequence)) == 0;
    }

    /** Records the number of an authentic packet. False when it was recorded before, as within one burst. */
    public boolean accepted(long sequence) {
        if (!mayAccept(sequence)) {
            return false;
        }
        if (sequence > top) {
            long steps = Math.min((sequence >>> 6) - (top >>> 6), words.length);
            for (long step = 0; step < steps; step++) {
                words[word(sequence - (step << 6))] = 0;
            }
            top = sequence;
        }
        if (size != 0) {
            words[word(sequence)] |= bit(sequence);
        }
        return true;
    }

    /** The highest number recorded. */
    long top() {
        return top;
    }

    private int word(long sequence) {
        return (int) (sequence >>> 6) & wordMask;
    }

    private static long bit(long sequence) {
        return 1L << sequence;
    }
}
