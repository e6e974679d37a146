/**
 * The command language, the consoles that speak it, and the program's main.
 */
@org.jspecify.annotations.NullMarked
package io.portcullis.cli;
