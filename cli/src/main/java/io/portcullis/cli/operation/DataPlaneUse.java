package io.portcullis.cli.operation;

/**
 * How full the tables of the data plane are, all workers together.
 *
 * @param connections open ones
 * @param connectionLimit most that there may be
 * @param buffersFree packet buffers not in use
 * @param buffers packet buffers
 */
public record DataPlaneUse(long connections, long connectionLimit, long buffersFree, long buffers) {}
