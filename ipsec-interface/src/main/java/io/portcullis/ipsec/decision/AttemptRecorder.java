package io.portcullis.ipsec.decision;

import io.portcullis.core.net.IpAddress;
import io.portcullis.core.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes down one attempt while it runs. Belongs to the IKE thread; {@link #snapshot} is for everybody. The first steps
 * are kept and the rest counted: what went wrong is seldom behind the hundredth message.
 */
public final class AttemptRecorder {
    private static final int STEPS = 256;

    private final Clock clock;
    private final long number;
    private final boolean initiator;
    private final IpAddress local;
    private final IpAddress remote;
    private final Instant began;
    private final List<Attempt.Step> steps = new ArrayList<>();
    private String tunnel;
    private int omitted;
    private Attempt.Outcome outcome = new Attempt.Pending();

    /** @param tunnel empty until {@link #tunnel} names it */
    public AttemptRecorder(
            Clock clock, long number, String tunnel, boolean initiator, IpAddress local, IpAddress remote) {
        this.clock = clock;
        this.number = number;
        this.tunnel = tunnel;
        this.initiator = initiator;
        this.local = local;
        this.remote = remote;
        this.began = clock.wall();
    }

    /** The tunnel was found. */
    public void tunnel(String name) {
        tunnel = name;
    }

    /** @param summary {@link io.portcullis.ipsec.ike.wire.Message#summary} */
    public void exchanged(boolean outbound, String summary) {
        keep(new Attempt.Exchanged(clock.wall(), outbound, summary));
    }

    public void decided(Decision decision) {
        keep(new Attempt.Decided(clock.wall(), decision));
    }

    public void established() {
        outcome = new Attempt.Established(clock.wall());
    }

    /** @param reason one sentence for people, with the values of both sides where there are such */
    public void failed(String reason) {
        outcome = new Attempt.Failed(clock.wall(), reason);
    }

    /** The attempt as it stands. */
    public Attempt snapshot() {
        return new Attempt(number, tunnel, initiator, local, remote, began, steps, omitted, outcome);
    }

    private void keep(Attempt.Step step) {
        if (steps.size() < STEPS) {
            steps.add(step);
        } else {
            omitted++;
        }
    }
}
