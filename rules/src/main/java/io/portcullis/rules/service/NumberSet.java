package io.portcullis.rules.service;

import io.portcullis.core.config.ConfigError;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Numbers as an operator writes them: {@code 80,443,1024-2047}.
 *
 * @param ranges in the order written
 */
record NumberSet(List<Range> ranges) {
    private static final Pattern NUMBER = Pattern.compile("\\d{1,5}");

    /**
     * A run of numbers, both ends included.
     *
     * @param first lowest
     * @param last highest
     */
    record Range(int first, int last) {
        boolean contains(int number) {
            return first <= number && number <= last;
        }

        @Override
        public String toString() {
            return first == last ? "" + first : first + "-" + last;
        }
    }

    /** @throws ConfigError unless the text is numbers and ranges from 0 to {@code most} with commas between */
    static NumberSet parse(String property, String text, int most) {
        List<Range> ranges = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            String[] ends = part.strip().split("-", -1);
            int first = number(ends[0], most);
            int last = ends.length == 1 ? first : number(ends[1], most);
            if (ends.length > 2 || first < 0 || last < first) {
                throw new ConfigError(
                        property,
                        "\"" + text + "\" is not numbers or ranges from 0 to " + most + ", such as 80,443,1024-2047");
            }
            ranges.add(new Range(first, last));
        }
        return new NumberSet(List.copyOf(ranges));
    }

    private static int number(String text, int most) {
        if (!NUMBER.matcher(text).matches()) {
            return -1;
        }
        int number = Integer.parseInt(text);
        return number <= most ? number : -1;
    }

    boolean contains(int number) {
        return ranges.stream().anyMatch(range -> range.contains(number));
    }

    @Override
    public String toString() {
        return ranges.stream().map(Range::toString).collect(Collectors.joining(","));
    }
}
