package io.portcullis.core.config;

import io.portcullis.core.event.EventSink;
import io.portcullis.core.time.Clock;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The way of a change: administrators edit the one candidate, activate it, and commit it in time. Thread-safe; methods
 * block while a configuration is compiled or stored, so they belong to the management plane.
 *
 * <p>One administrator writes at a time: whoever makes the first change owns the candidate, over any number of
 * sessions, until it is committed or rejected.
 */
public final class Transactions {
    private final ConfigurationStore store;
    private final Activator activator;
    private final Clock clock;
    private final DelayedTasks tasks;
    private final EventSink events;

    private Configuration committed;
    private Configuration active;
    private Configuration candidate;
    private Optional<String> owner = Optional.empty();
    private @Nullable Pending pending;

    private record Pending(long version, long deadlineNanos, Runnable cancel) {}

    /**
     * What came of an activation.
     *
     * @param activated whether the candidate is in force now
     * @param findings errors, which prevent it, and warnings, which do not
     * @param plan what it does to running objects; empty where errors prevented the compilation
     * @param commitWithin seconds in which it must be committed; 0 when nothing waits for a commit
     */
    public record Outcome(boolean activated, List<Finding> findings, Plan plan, int commitWithin) {}

    /**
     * @param initial what a new firewall begins with: predefined lists and tables
     * @param tasks runs the return to the committed configuration
     */
    public Transactions(
            ConfigurationStore store,
            Configuration initial,
            Activator activator,
            Clock clock,
            DelayedTasks tasks,
            EventSink events) {
        this.store = store;
        this.activator = activator;
        this.clock = clock;
        this.tasks = tasks;
        this.events = events;
        this.committed = initial;
        this.active = initial;
        this.candidate = initial;
    }

    /**
     * Puts the stored configuration in force, or the initial one on a new firewall.
     *
     * @return what is to be known about it; with errors nothing runs
     * @throws IOException when the store cannot be read
     */
    public synchronized List<Finding> start() throws IOException {
        ConfigurationStore.Found found = store.open();
        found.findings().forEach(finding -> events.emit(ConfigurationEvents.STORE, "none", finding));
        return begin(
                found.committed().map(ConfigurationStore.Version::configuration).orElse(committed));
    }

    /**
     * Puts the initial configuration in force, whatever is stored; the stored one is still what a restart begins with,
     * until a commit.
     *
     * @return as {@link #start}
     */
    public synchronized List<Finding> startAnew() throws IOException {
        store.openUnread();
        return begin(committed);
    }

    private List<Finding> begin(Configuration first) {
        Findings findings = new Findings();
        Configuration nothing = Configuration.empty(first.types());
        Optional<Activator.Prepared> prepared = prepare(nothing, first, findings);
        if (prepared.isPresent()) {
            prepared.get().apply();
            committed = first;
            active = first;
            candidate = first;
        }
        return findings.all();
    }

    /** What runs. */
    public synchronized Configuration active() {
        return active;
    }

    /** What is being edited. */
    public synchronized Configuration candidate() {
        return candidate;
    }

    /** Who has changed the candidate, while it differs or waits for its commit. */
    public synchronized Optional<String> owner() {
        return owner;
    }

    /** What the candidate changes in what runs. */
    public synchronized List<Change> changes() {
        return Change.between(active, candidate);
    }

    /** Seconds left for the commit; empty when none is awaited. */
    public synchronized Optional<Long> secondsLeft() {
        return Optional.ofNullable(pending)
                .map(waiting -> Math.max(
                        0,
                        Duration.ofNanos(waiting.deadlineNanos() - clock.nanos())
                                .toSeconds()));
    }

    /**
     * Changes the candidate: wholly, or not at all when the edit throws.
     *
     * @param edit makes the new candidate from the present one
     * @throws ConfigError from the edit, or when somebody else owns the candidate, or a commit is awaited
     */
    public synchronized Configuration edit(String user, UnaryOperator<Configuration> edit) {
        requireOwner(user);
        if (pending != null) {
            throw new ConfigError("the activated configuration waits for its commit: commit or reject it first");
        }
        Configuration changed = edit.apply(candidate);
        if (!changed.equals(candidate)) {
            candidate = changed;
            owner = candidate.equals(active) ? Optional.empty() : Optional.of(user);
        }
        return candidate;
    }

    /**
     * Drops all changes; an activated configuration that waits for its commit is taken out of force.
     *
     * @param takeOver whether to drop another administrator's changes too
     */
    public synchronized void reject(String user, boolean takeOver) {
        if (!takeOver) {
            requireOwner(user);
        }
        if (pending != null) {
            returnToCommitted("rejected by " + user);
        }
        candidate = active;
        owner = Optional.empty();
    }

    /** What {@link #activate} would find and do, without doing it. */
    public synchronized Outcome plan() {
        Findings findings = new Findings();
        Optional<Activator.Prepared> prepared = prepare(active, candidate, findings);
        return new Outcome(
                false, findings.all(), prepared.map(Activator.Prepared::plan).orElse(new Plan(List.of())), 0);
    }

    /**
     * Puts the candidate in force if it has no errors, and waits for its commit.
     *
     * @throws ConfigError when somebody else owns the candidate, it cannot be stored, or it cannot be put in force; the
     *     active configuration is untouched then
     */
    public synchronized Outcome activate(String user) {
        requireOwner(user);
        if (pending != null) {
            throw new ConfigError("the configuration is active already and waits for its commit");
        }
        if (candidate.equals(active)) {
            return new Outcome(true, List.of(), new Plan(List.of()), 0);
        }
        Findings findings = new Findings();
        Optional<Activator.Prepared> prepared = prepare(active, candidate, findings);
        if (prepared.isEmpty()) {
            return new Outcome(false, findings.all(), new Plan(List.of()), 0);
        }
        Plan plan = prepared.get().plan();
        long version = save(user);
        prepared.get().apply();
        active = candidate;
        owner = Optional.of(user);
        int seconds = active.settings(RemoteMgmtSettings.class).validationTimeout();
        Duration wait = Duration.ofSeconds(seconds);
        pending = new Pending(version, clock.nanos() + wait.toNanos(), tasks.after(wait, () -> expire(version)));
        events.emit(ConfigurationEvents.ACTIVATED, "activate", version, user);
        return new Outcome(true, findings.all(), plan, seconds);
    }

    /**
     * Keeps the active configuration over restarts.
     *
     * @return number of the committed version
     * @throws ConfigError when nothing waits for a commit, or it cannot be stored
     */
    public synchronized long commit(String user) {
        requireOwner(user);
        Pending waiting = pending;
        if (waiting == null) {
            throw new ConfigError(
                    candidate.equals(active) ? "there is nothing to commit" : "activate the changes before the commit");
        }
        try {
            store.commit(waiting.version());
        } catch (IOException e) {
            throw new ConfigError("the commit cannot be stored: " + e.getMessage());
        }
        waiting.cancel().run();
        pending = null;
        committed = active;
        owner = Optional.empty();
        events.emit(ConfigurationEvents.COMMITTED, "commit", waiting.version(), user);
        return waiting.version();
    }

    private long save(String user) {
        try {
            return store.save(candidate, user);
        } catch (IOException e) {
            throw new ConfigError("the configuration cannot be stored: " + e.getMessage());
        }
    }

    private synchronized void expire(long version) {
        // A commit or a reject may have come between the timer and this lock.
        if (pending != null && pending.version() == version) {
            returnToCommitted("not committed in time");
        }
    }

    private void returnToCommitted(String reason) {
        Pending waiting = pending;
        if (waiting == null) {
            return;
        }
        waiting.cancel().run();
        pending = null;
        Findings findings = new Findings();
        // It ran before, so it compiles; should it not, the activated one keeps running and the event says so.
        Optional<Activator.Prepared> prepared = prepare(active, committed, findings);
        String user = owner.orElse("");
        if (prepared.isEmpty()) {
            events.emit(ConfigurationEvents.RETURNED, "none", waiting.version(), user, reason + "; " + findings.all());
            return;
        }
        try {
            prepared.get().apply();
            active = committed;
            events.emit(ConfigurationEvents.RETURNED, "return", waiting.version(), user, reason);
        } catch (ConfigError error) {
            events.emit(
                    ConfigurationEvents.RETURNED, "none", waiting.version(), user, reason + "; " + error.sentence());
        }
    }

    /** Checks and compiles; empty when there are errors. */
    private Optional<Activator.Prepared> prepare(Configuration from, Configuration to, Findings findings) {
        ConfigurationCheck.run(from, to, findings);
        if (findings.hasErrors()) {
            return Optional.empty();
        }
        Activator.Prepared prepared = activator.prepare(from, to, findings);
        return findings.hasErrors() ? Optional.empty() : Optional.of(prepared);
    }

    private void requireOwner(String user) {
        if (owner.isPresent() && !owner.get().equals(user)) {
            throw new ConfigError(owner.get() + " has changes that are not committed; one administrator writes at a"
                    + " time (reject -all -force drops them)");
        }
    }
}
