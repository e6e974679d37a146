package io.portcullis.core.pipeline;

/**
 * What a worker has done since it started.
 *
 * @param worker its number, from 0
 * @param bursts that it received from its ports
 * @param packets in them
 * @param handedIn packets that other workers handed to it
 * @param handedOut packets that it handed to others
 * @param refused packets that it could not hand over because the other one did not keep up: dropped
 * @param busyNanos time in rounds that had something to do or looked for it
 * @param idleNanos time asleep
 */
public record WorkerUse(
        int worker,
        long bursts,
        long packets,
        long handedIn,
        long handedOut,
        long refused,
        long busyNanos,
        long idleNanos) {}
