/**
 * Packets that are nobody's, sent through gateways that exist for a moment, so that the program's machine code
 * is there when the first real packet comes.
 */
@org.jspecify.annotations.NullMarked
package io.portcullis.cli.warmup;
