/**
 * Commands that look at and act on the running firewall: how one is declared, parsed, completed and explained. The
 * commands themselves are in {@code operation}; those that change the configuration in {@code language}.
 */
@org.jspecify.annotations.NullMarked
package io.portcullis.cli.command;
