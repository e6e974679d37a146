package io.portcullis.test.bench.micro;

import io.portcullis.core.net.IpAddress;
import io.portcullis.rules.classifier.Classifier;
import io.portcullis.rules.classifier.Match;

/**
 * Headers of IPv4 packets side by side in one array, 16 octets each: a benchmark that takes one after the other waits
 * for what it measures, not for them, however many they are.
 */
final class Headers {
    private static final int HEADER = 2;
    private static final long V4_MAPPED = 0xffff_0000_0000L;
    private static final long V4_BITS = 0xffff_ffffL;

    /** Source and destination; then interfaces, 8 bits each, protocol, ports. */
    private final long[] fields;

    private int count;

    Headers(int most) {
        fields = new long[HEADER * most];
    }

    void add(int in, int out, IpAddress from, IpAddress to, int protocol, int sourcePort, int destinationPort) {
        int at = HEADER * count++;
        fields[at] = (long) from.v4Bits() << Integer.SIZE | (to.v4Bits() & V4_BITS);
        fields[at + 1] =
                (long) in << 48 | (long) out << 40 | (long) protocol << 32 | (long) sourcePort << 16 | destinationPort;
    }

    int count() {
        return count;
    }

    /** What the classifier finds. */
    int first(Classifier classifier, int header) {
        long addresses = fields[HEADER * header];
        long others = fields[HEADER * header + 1];
        return classifier.first(
                (int) (others >>> 48),
                (int) (others >>> 40) & 0xff,
                0,
                V4_MAPPED | addresses >>> Integer.SIZE,
                0,
                V4_MAPPED | (addresses & V4_BITS),
                (int) (others >>> 32) & 0xff,
                (int) others >>> 16,
                (int) others & 0xffff);
    }

    /** What comparing top-down finds. */
    int first(Match[] rules, int header) {
        long addresses = fields[HEADER * header];
        long others = fields[HEADER * header + 1];
        for (int i = 0; i < rules.length; i++) {
            if (rules[i].matches(
                    (int) (others >>> 48),
                    (int) (others >>> 40) & 0xff,
                    0,
                    V4_MAPPED | addresses >>> Integer.SIZE,
                    0,
                    V4_MAPPED | (addresses & V4_BITS),
                    (int) (others >>> 32) & 0xff,
                    (int) others >>> 16,
                    (int) others & 0xffff)) {
                return i;
            }
        }
        return -1;
    }
}
