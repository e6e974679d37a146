/**
 * The firewall put together: who knows whom, what starts and ends in which order, and how a configuration is put in
 * force by difference.
 */
@org.jspecify.annotations.NullMarked
package io.portcullis.cli.firewall;
