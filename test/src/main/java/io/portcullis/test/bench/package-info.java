/**
 * {@code ./portcullis bench}: our figures beside a peer's, on the same wires in the same run. A shared machine is
 * noisy, so what counts is the ratio of medians, not a number by itself.
 */
@NullMarked
package io.portcullis.test.bench;

import org.jspecify.annotations.NullMarked;
