package io.portcullis.rules.schedule;

import java.time.DayOfWeek;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;

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

    /** Whether it never counts. */
    boolean isEmpty() {
        return !from.isBefore(until) || days.values().stream().allMatch(List::isEmpty);
    }
}
