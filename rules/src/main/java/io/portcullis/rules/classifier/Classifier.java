package io.portcullis.rules.classifier;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Finds the first of many rules that matches a packet, in a time that hardly grows with their number. Each field of the
 * packet is looked up once, for its class; then up to four {@link CutTree}s are descended, one for rules with narrow
 * source and destination, one for each kind with one of them wide, one for the rest. Immutable; no allocation.
 */
public final class Classifier {
    /** Up to here comparing with one rule after the other is the faster way (docs/decisions/0011-classifier.md). */
    static final int SCANNED = 8;

    private static final int NARROW = 8;
    private static final Field[] FIELDS = Field.values();
    /** First and last class in each field, together a line of the cache. */
    private static final int BOUNDS = 2 * FIELDS.length;

    private final Match[] rules;
    private final Dimension[] dimensions;
    /** Roots of the trees, and the first rule in each, by that. */
    private final int[] roots;

    private final int[] firsts;
    private final int[] nodes;
    private final int[] leaves;
    private final int[] bounds;

    /** @param rules the earlier wins */
    public Classifier(List<Match> rules) {
        this.rules = rules.toArray(Match[]::new);
        if (rules.size() <= SCANNED) {
            dimensions = new Dimension[0];
            roots = new int[0];
            firsts = new int[0];
            nodes = new int[0];
            leaves = new int[0];
            bounds = new int[0];
            return;
        }
        dimensions = new Dimension[FIELDS.length];
        for (Field field : FIELDS) {
            dimensions[field.ordinal()] = new Dimension(field, this.rules);
        }
        boolean[] exact = new boolean[this.rules.length];
        for (int i = 0; i < exact.length; i++) {
            exact[i] = this.rules[i].portsAreIndependent();
        }
        CutTree trees = new CutTree(dimensions, exact);
        List<int[]> made = new ArrayList<>();
        for (int[] part : apart()) {
            if (part.length > 0) {
                made.add(new int[] {part[0], trees.add(part)});
            }
        }
        made.sort(Comparator.comparingInt(tree -> tree[0]));
        firsts = made.stream().mapToInt(tree -> tree[0]).toArray();
        roots = made.stream().mapToInt(tree -> tree[1]).toArray();
        nodes = trees.nodes();
        leaves = trees.leaves();
        bounds = bounds();
    }

    /** Rules by whether their source and their destination are narrow. */
    private int[][] apart() {
        int[][] parts = new int[4][rules.length];
        int[] counts = new int[4];
        for (int i = 0; i < rules.length; i++) {
            int part = (isNarrow(Field.SOURCE, i) ? 1 : 0) + (isNarrow(Field.DESTINATION, i) ? 2 : 0);
            parts[part][counts[part]++] = i;
        }
        for (int part = 0; part < parts.length; part++) {
            parts[part] = Arrays.copyOf(parts[part], counts[part]);
        }
        return parts;
    }

    private boolean isNarrow(Field field, int rule) {
        Dimension dimension = dimensions[field.ordinal()];
        return (long) dimension.width(rule) * NARROW <= dimension.classes();
    }

    private int[] bounds() {
        int[] out = new int[rules.length * BOUNDS];
        for (int i = 0; i < rules.length; i++) {
            for (int d = 0; d < dimensions.length; d++) {
                int[] runs = dimensions[d].runs(i);
                // A set without values has bounds that nothing is between.
                out[i * BOUNDS + 2 * d] = runs.length == 0 ? 1 : runs[0];
                out[i * BOUNDS + 2 * d + 1] = runs.length == 0 ? 0 : runs[runs.length - 1];
            }
        }
        return out;
    }

    /** Number of the first rule that matches, or -1. Arguments as for {@link Match#matches}. */
    public int first(
            int in,
            int out,
            long sourceHigh,
            long sourceLow,
            long destinationHigh,
            long destinationLow,
            int protocol,
            int sourcePort,
            int destinationPort) {
        if (roots.length == 0) {
            return scan(
                    in,
                    out,
                    sourceHigh,
                    sourceLow,
                    destinationHigh,
                    destinationLow,
                    protocol,
                    sourcePort,
                    destinationPort);
        }
        int source = dimensions[0].ofAddress(sourceHigh, sourceLow);
        int destination = dimensions[1].ofAddress(destinationHigh, destinationLow);
        int service = dimensions[2].of(Field.serviceKey(protocol, destinationPort));
        int port = dimensions[3].of(Field.portKey(sourcePort));
        int ingress = dimensions[4].of(Field.interfaceKey(in));
        int egress = dimensions[5].of(Field.interfaceKey(out));
        int best = rules.length;
        for (int tree = 0; tree < roots.length && firsts[tree] < best; tree++) {
            int reference = roots[tree];
            while (reference >= 0) {
                int value = switch (CutTree.dimension(nodes, reference)) {
                    case 0 -> source;
                    case 1 -> destination;
                    case 2 -> service;
                    case 3 -> port;
                    case 4 -> ingress;
                    default -> egress;
                };
                reference = CutTree.child(nodes, reference, value);
            }
            int leaf = ~reference;
            for (int i = leaf + 1, end = i + leaves[leaf]; i < end && leaves[i] < best; i++) {
                int rule = leaves[i];
                if (mayMatch(rule, source, destination, service, port, ingress, egress)
                        && rules[rule].matches(
                                in,
                                out,
                                sourceHigh,
                                sourceLow,
                                destinationHigh,
                                destinationLow,
                                protocol,
                                sourcePort,
                                destinationPort)) {
                    best = rule;
                }
            }
        }
        return best == rules.length ? -1 : best;
    }

    private int scan(
            int in,
            int out,
            long sourceHigh,
            long sourceLow,
            long destinationHigh,
            long destinationLow,
            int protocol,
            int sourcePort,
            int destinationPort) {
        for (int i = 0; i < rules.length; i++) {
            if (rules[i].matches(
                    in,
                    out,
                    sourceHigh,
                    sourceLow,
                    destinationHigh,
                    destinationLow,
                    protocol,
                    sourcePort,
                    destinationPort)) {
                return i;
            }
        }
        return -1;
    }

    private boolean mayMatch(int rule, int source, int destination, int service, int port, int ingress, int egress) {
        int at = rule * BOUNDS;
        return bounds[at] <= source
                && source <= bounds[at + 1]
                && bounds[at + 2] <= destination
                && destination <= bounds[at + 3]
                && bounds[at + 4] <= service
                && service <= bounds[at + 5]
                && bounds[at + 6] <= port
                && port <= bounds[at + 7]
                && bounds[at + 8] <= ingress
                && ingress <= bounds[at + 9]
                && bounds[at + 10] <= egress
                && egress <= bounds[at + 11];
    }

    /** Octets that look-ups walk through, but for the rules themselves. */
    public long size() {
        long size = (long) Integer.BYTES * (nodes.length + leaves.length + bounds.length);
        for (Dimension dimension : dimensions) {
            size += dimension.size();
        }
        return size;
    }
}
