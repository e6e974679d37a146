/** One class for each row, or family of rows, of the benchmark's table. */
@NullMarked
package io.portcullis.test.bench.row;

import org.jspecify.annotations.NullMarked;
