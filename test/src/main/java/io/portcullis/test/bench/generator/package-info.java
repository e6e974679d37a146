/** Where the frames of a measurement come from, and on which processor who works. Linux on x86-64 and AArch64. */
@NullMarked
package io.portcullis.test.bench.generator;

import org.jspecify.annotations.NullMarked;
