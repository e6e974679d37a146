package io.portcullis.rules.schedule;

import io.portcullis.core.config.ConfigError;
import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.TextStyle;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Hours and dates of schedules as they are written. */
final class ScheduleText {
    private static final Pattern HOURS = Pattern.compile("(\\d{1,2})(?::(\\d{2}))?-(\\d{1,2})(?::(\\d{2}))?");
    private static final DateTimeFormatter DATE_AND_TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm[:ss]", Locale.ROOT);
    private static final int HOUR = 60;
    private static final int DAY = 24 * HOUR;

    private ScheduleText() {}

    /** {@code Mon}, {@code Tue} and so on. */
    static String property(DayOfWeek day) {
        return day.getDisplayName(TextStyle.SHORT, Locale.ENGLISH);
    }

    /** {@code 8-17}, {@code 9-12:30,14-18}; empty for none. @throws ConfigError when it is neither */
    static List<Schedule.Hours> hours(String text) {
        List<Schedule.Hours> hours = new ArrayList<>();
        if (text.isBlank()) {
            return hours;
        }
        for (String part : text.split(",", -1)) {
            Matcher matcher = HOURS.matcher(part.strip());
            if (!matcher.matches()) {
                throw new ConfigError(
                        "'" + part.strip() + "' is no time from hour to hour, such as 8-17 or 9:30-12:00");
            }
            int from = minutes(matcher.group(1), matcher.group(2), part);
            int until = minutes(matcher.group(3), matcher.group(4), part);
            if (from >= until) {
                throw new ConfigError("'" + part.strip() + "' ends before it begins; what passes midnight is the next"
                        + " day's from 0 on");
            }
            hours.add(new Schedule.Hours(from, until));
        }
        return hours;
    }

    private static int minutes(String hour, String minute, String part) {
        int minutes = minute == null ? 0 : Integer.parseInt(minute);
        int whole = Integer.parseInt(hour) * HOUR + minutes;
        if (minutes >= HOUR || whole > DAY) {
            throw new ConfigError("'" + part.strip() + "': a day goes from 0:00 to 24:00");
        }
        return whole;
    }

    /** When it starts; empty for always. @throws ConfigError when it is no date */
    static LocalDateTime start(String text) {
        return text.isBlank() ? LocalDateTime.MIN : date(text);
    }

    /** When it ends; empty for never. @throws ConfigError when it is no date */
    static LocalDateTime end(String text) {
        return text.isBlank() ? LocalDateTime.MAX : date(text);
    }

    private static LocalDateTime date(String text) {
        try {
            return text.strip().length() <= "yyyy-MM-dd".length()
                    ? LocalDate.parse(text.strip()).atStartOfDay()
                    : LocalDateTime.parse(text.strip(), DATE_AND_TIME);
        } catch (DateTimeException e) {
            throw new ConfigError("'" + text + "' is no date such as 2026-12-24 or '2026-12-24 08:00'");
        }
    }
}
