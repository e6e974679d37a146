/**
 * Talking to a running firewall: the Unix-domain socket in its data folder, the sessions behind it, and the client,
 * with a line editor when a person types. One JSON object a line in each direction.
 */
@org.jspecify.annotations.NullMarked
package io.portcullis.cli.console;
