package io.portcullis.rules.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.core.config.Findings;
import io.portcullis.core.config.ObjectKey;
import io.portcullis.core.config.Schema;
import io.portcullis.rules.Site;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Hours and dates as they are written, and what they mean. */
class ScheduleProfileTest {
    private static final Schema<ScheduleProfile> SCHEMA = Schema.of(ScheduleProfile.class);
    /** A Monday. */
    private static final String MONDAY = "2026-11-23";

    private static boolean counts(Map<String, String> properties, String when) {
        return SCHEMA.parse(properties).schedule().covers(LocalDateTime.parse(when));
    }

    @ParameterizedTest
    @CsvSource({
        "07:59:59, false",
        "08:00:00, true",
        "11:59:59, true",
        "12:00:00, false",
        "12:59:00, false",
        "13:30:00, true",
        "23:59:59, true"
    })
    void hoursHaveTheirBeginAndNotTheirEnd(String time, boolean counts) {
        Map<String, String> properties = Map.of("Name", "office", "Mon", "8-12, 13:30-24");
        assertEquals(counts, counts(properties, MONDAY + "T" + time));
        assertFalse(counts(properties, "2026-11-24T" + time), "Tuesdays have none");
    }

    @Test
    void datesBoundIt() {
        Map<String, String> properties = Map.of(
                "Name", "week", "Mon", "0-24", "Tue", "0-24", "StartDate", MONDAY + " 10:00", "EndDate", "2026-11-24");
        assertFalse(counts(properties, MONDAY + "T09:59:59"));
        assertTrue(counts(properties, MONDAY + "T10:00:00"));
        assertTrue(counts(properties, MONDAY + "T23:59:59"));
        assertFalse(counts(properties, "2026-11-24T00:00:00"));
        assertFalse(counts(properties, "2026-11-30T10:00:00"), "the next Monday");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Mon|8",
                "Tue|8-25",
                "Wed|17-8",
                "Thu|8:60-9",
                "Fri|8-9,,10-11",
                "Sat|8-8",
                "Sun|24:01-24:02",
                "StartDate|24.12.2026",
                "EndDate|2026-02-30",
                "EndDate|2026-12-24 25:00"
            })
    void whatCanNotBeReadIsRefusedByName(String property, String value) {
        Findings findings = check(Map.of("Name", "wrong", property, value));
        assertTrue(findings.hasErrors());
        String said = findings.all().toString();
        assertTrue(said.contains(property), said);
    }

    @Test
    void oneThatNeverCountsIsWarnedOf() {
        for (Map<String, String> properties : List.of(
                Map.of("Name", "empty"),
                Map.of("Name", "ended", "Mon", "8-9", "StartDate", "2026-12-24", "EndDate", "2026-12-24"))) {
            Findings findings = check(properties);
            assertFalse(findings.hasErrors());
            assertTrue(
                    findings.all().toString().contains("never counts"),
                    () -> findings.all().toString());
        }
        assertEquals(List.of(), check(Map.of("Name", "fine", "Sun", "0-24")).all());
    }

    private static Findings check(Map<String, String> properties) {
        Findings findings = new Findings();
        SCHEMA.parse(properties).check(new Site().configuration, findings.of(ObjectKey.of("ScheduleProfile", "it")));
        return findings;
    }
}
