package io.portcullis.rules.classifier;

import java.util.Arrays;

/**
 * Numbers sets of sets as they are first seen. A set of sets is the sum of its members' random numbers of 128 bits: two
 * sets of sets with one sum do not happen.
 */
final class Signatures {
    private static final int EMPTY = -1;

    /** Two halves of the sum, at twice the place of its number. */
    private long[] sums = new long[64];

    private int[] numbers = new int[32];
    private int count;

    Signatures() {
        Arrays.fill(numbers, EMPTY);
    }

    int count() {
        return count;
    }

    int numberOf(long one, long other) {
        int place = place(one, other);
        if (numbers[place] != EMPTY) {
            return numbers[place];
        }
        sums[2 * place] = one;
        sums[2 * place + 1] = other;
        numbers[place] = count++;
        if (2 * count > numbers.length) {
            grow();
        }
        return count - 1;
    }

    private int place(long one, long other) {
        int place = (int) one & (numbers.length - 1);
        while (numbers[place] != EMPTY && (sums[2 * place] != one || sums[2 * place + 1] != other)) {
            place = (place + 1) & (numbers.length - 1);
        }
        return place;
    }

    private void grow() {
        long[] oldSums = sums;
        int[] oldNumbers = numbers;
        sums = new long[2 * oldSums.length];
        numbers = new int[2 * oldNumbers.length];
        Arrays.fill(numbers, EMPTY);
        for (int i = 0; i < oldNumbers.length; i++) {
            if (oldNumbers[i] != EMPTY) {
                int place = place(oldSums[2 * i], oldSums[2 * i + 1]);
                sums[2 * place] = oldSums[2 * i];
                sums[2 * place + 1] = oldSums[2 * i + 1];
                numbers[place] = oldNumbers[i];
            }
        }
    }
}
