package io.portcullis.rules.schedule;

import io.portcullis.core.config.Configuration;
import java.time.DayOfWeek;
import java.time.LocalDateTime;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * When something counts.
 *
 * @param days hours of each weekday
 * @param from first moment
 * @param until first moment after
 */
public record Schedule(String name, Map<DayOfWeek, List<Hours>> days, LocalDateTime from, LocalDateTime until) {
    private static final int HOUR = 60;

    /**
     * A part of a day.
     *
     * @param from minutes since midnight
     * @param until the same, excluded; 1440 for the end of the day
     */
    public record Hours(int from, int until) {}

    public Schedule {
        days = Map.copyOf(days);
    }

    /** Whether it counts at a time of the firewall's zone. */
    public boolean covers(LocalDateTime when) {
        if (when.isBefore(from) || !when.isBefore(until)) {
            return false;
        }
        int minute = when.getHour() * HOUR + when.getMinute();
        return days.getOrDefault(when.getDayOfWeek(), List.of()).stream()
                .anyMatch(hours -> minute >= hours.from() && minute < hours.until());
    }

    /** Names of those that count at one of two times only; none when there is no time before. */
    public static List<String> changes(
            Collection<Schedule> schedules, @Nullable LocalDateTime before, LocalDateTime time) {
        return before == null
                ? List.of()
                : schedules.stream()
                        .filter(schedule -> schedule.covers(before) != schedule.covers(time))
                        .map(Schedule::name)
                        .toList();
    }

    /** All schedules of a configuration, by name. */
    public static Map<String, Schedule> all(Configuration configuration) {
        Map<String, Schedule> schedules = new HashMap<>();
        configuration.all(ScheduleProfile.class).forEach(it -> schedules.put(it.name(), it.schedule()));
        return schedules;
    }

    /** Whether it never counts. */
    boolean isEmpty() {
        return !from.isBefore(until) || days.values().stream().allMatch(List::isEmpty);
    }
}
