/** The way of a packet, on one page, and the worker that drives it. */
@org.jspecify.annotations.NullMarked
package io.portcullis.core.pipeline;
