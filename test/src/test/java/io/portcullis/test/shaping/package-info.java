/** Kernels' own TCP and UDP through pipes. */
package io.portcullis.test.shaping;
