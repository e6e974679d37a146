/**
 * The command language for configuration: {@code add}, {@code set}, {@code show}, {@code delete}, {@code cc},
 * {@code activate}, {@code commit} and their like, scripts of them, and the session that runs both them and the
 * operational commands.
 */
@org.jspecify.annotations.NullMarked
package io.portcullis.cli.language;
