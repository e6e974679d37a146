/**
 * The firewall without rules, tunnels or users: packets and the ports they come from, interfaces, neighbours,
 * routing, connections, the pipeline, the configuration model and its transactions, events and time.
 */
@org.jspecify.annotations.NullMarked
package io.portcullis.core;
