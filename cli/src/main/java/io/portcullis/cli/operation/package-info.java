/** The commands that look at and act on the running firewall, one class each. */
@org.jspecify.annotations.NullMarked
package io.portcullis.cli.operation;
