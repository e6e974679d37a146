package io.portcullis.rules.schedule;

import io.portcullis.core.config.Checked;
import io.portcullis.core.config.ConfigError;
import io.portcullis.core.config.Configuration;
import io.portcullis.core.config.Findings;
import io.portcullis.core.config.ObjectType;
import io.portcullis.core.config.Property;
import java.time.DayOfWeek;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** When a policy counts, as configured, by the firewall's clock and time zone. */
@ObjectType(
        value = "ScheduleProfile",
        title = "Schedule profile",
        help = "When policies count: hours of each weekday, such as Mon=8-17 or Sat=9-12:30,14-18.")
public record ScheduleProfile(
        @Property(help = "Name of the schedule.", required = true)
        String name,

        @Property(help = "Hours of Mondays; without any it does not count then.", name = "Mon")
        String monday,

        @Property(help = "Hours of Tuesdays.", name = "Tue") String tuesday,

        @Property(help = "Hours of Wednesdays.", name = "Wed")
        String wednesday,

        @Property(help = "Hours of Thursdays.", name = "Thu")
        String thursday,

        @Property(help = "Hours of Fridays.", name = "Fri") String friday,

        @Property(help = "Hours of Saturdays.", name = "Sat")
        String saturday,

        @Property(help = "Hours of Sundays.", name = "Sun") String sunday,

        @Property(help = "Date, and time if wanted, from which on it counts: 2026-12-24 or '2026-12-24 08:00'.")
        String startDate,

        @Property(help = "Date, and time if wanted, from which on it counts no more.")
        String endDate,

        @Property(help = "Remark.") String comments)
        implements Checked {
    /** The same, read. @throws ConfigError when something of it can not be read; check says so before */
    public Schedule schedule() {
        Map<DayOfWeek, List<Schedule.Hours>> days = new EnumMap<>(DayOfWeek.class);
        for (DayOfWeek day : DayOfWeek.values()) {
            days.put(day, ScheduleText.hours(hours(day)));
        }
        return new Schedule(name, days, ScheduleText.start(startDate), ScheduleText.end(endDate));
    }

    private String hours(DayOfWeek day) {
        return switch (day) {
            case MONDAY -> monday;
            case TUESDAY -> tuesday;
            case WEDNESDAY -> wednesday;
            case THURSDAY -> thursday;
            case FRIDAY -> friday;
            case SATURDAY -> saturday;
            case SUNDAY -> sunday;
        };
    }

    @Override
    public void check(Configuration configuration, Findings.ForObject findings) {
        boolean sound = true;
        for (DayOfWeek day : DayOfWeek.values()) {
            sound &= isRead(ScheduleText.property(day), () -> ScheduleText.hours(hours(day)), findings);
        }
        sound &= isRead("StartDate", () -> ScheduleText.start(startDate), findings);
        sound &= isRead("EndDate", () -> ScheduleText.end(endDate), findings);
        if (sound && schedule().isEmpty()) {
            findings.warning("", "never counts: it has no hours, or ends before it starts");
        }
    }

    private static boolean isRead(String property, Runnable reading, Findings.ForObject findings) {
        try {
            reading.run();
            return true;
        } catch (ConfigError error) {
            findings.error(property, String.valueOf(error.getMessage()));
            return false;
        }
    }
}
