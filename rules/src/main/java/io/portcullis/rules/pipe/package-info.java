/** Traffic shaping as configured: pipes, and the rules that put connections into them. */
@org.jspecify.annotations.NullMarked
package io.portcullis.rules.pipe;
