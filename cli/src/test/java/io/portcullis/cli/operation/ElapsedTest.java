package io.portcullis.cli.operation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ElapsedTest {
    @ParameterizedTest
    @CsvSource({
        "-3,0s",
        "0,0s",
        "59,59s",
        "60,1m 0s",
        "3599,59m 59s",
        "3600,1h 0m",
        "86399,23h 59m",
        "86400,1d 0h",
        "1000000,11d 13h"
    })
    void theTwoLargestUnitsAreSaid(long seconds, String text) {
        assertEquals(text, Elapsed.of(seconds));
    }
}
