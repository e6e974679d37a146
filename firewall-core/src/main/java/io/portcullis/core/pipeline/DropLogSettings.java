package io.portcullis.core.pipeline;

import io.portcullis.core.config.ObjectType;
import io.portcullis.core.config.Property;

/** How much is said about packets that are dropped. */
@ObjectType(
        value = "LogSettings",
        category = "Settings",
        title = "Log settings",
        help = "How many events dropped packets may cause.",
        singleton = true)
public record DropLogSettings(
        @Property(
                help =
                        "Events each second of each kind of drop, at most; how many more there were is said in one event.",
                name = "DropEventsPerSecond",
                byDefault = "50",
                max = 100_000)
        int perSecond) {}
