/**
 * {@code ./portcullis bench micro}: single steps of the data plane under JMH. What a step allocates is a figure beside
 * its time, and must be 0.
 */
@NullMarked
package io.portcullis.test.bench.micro;

import org.jspecify.annotations.NullMarked;
