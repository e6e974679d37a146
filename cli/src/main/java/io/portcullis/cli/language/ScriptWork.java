package io.portcullis.cli.language;

import io.portcullis.cli.console.Session;
import io.portcullis.core.config.Configuration;

/** A script's own copy of the candidate. */
final class ScriptWork implements Work {
    private final Configuration active;
    private final StringBuilder printed = new StringBuilder();
    Configuration candidate;
    Place place;

    ScriptWork(Configuration candidate, Configuration active, Place place) {
        this.candidate = candidate;
        this.active = active;
        this.place = place;
    }

    @Override
    public Configuration candidate() {
        return candidate;
    }

    @Override
    public Configuration active() {
        return active;
    }

    @Override
    public void change(Configuration changed) {
        candidate = changed;
        if (place.inside(changed).isEmpty()) {
            place = Place.TOP;
        }
    }

    @Override
    public void rejectAll(boolean takeOver) {
        change(active);
    }

    @Override
    public Place place() {
        return place;
    }

    @Override
    public void go(Place to) {
        place = to;
    }

    @Override
    public void print(String text) {
        printed.append(text);
    }

    @Override
    public void confirm(String text) {
        // A script of thousands of lines says what it did by show -changes.
    }

    /** What was printed since the last time. */
    String takePrinted() {
        String text = printed.toString();
        printed.setLength(0);
        return text;
    }

    /** Keeps what a command prints until the script takes effect. */
    Session.Output output() {
        return new Session.Output() {
            @Override
            public void out(String text) {
                printed.append(text);
            }

            @Override
            public void err(String text) {
                printed.append(text);
            }
        };
    }
}
