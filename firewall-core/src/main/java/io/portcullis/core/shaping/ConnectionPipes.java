package io.portcullis.core.shaping;

import org.jspecify.annotations.Nullable;

/**
 * The pipes that the packets of a connection go through.
 *
 * @param forward of packets of who opened it; null for none
 * @param back of the answers; null for none
 */
public record ConnectionPipes(
        @Nullable PipeChain forward, @Nullable PipeChain back) {}
