/**
 * Connections: the state by which a packet of a known conversation passes without asking routes and rules again. A
 * {@link io.portcullis.core.connection.Connection} has two {@link io.portcullis.core.connection.Flow flows}, one for
 * each direction; the {@link io.portcullis.core.connection.ConnectionTable} finds a flow by the addresses, ports,
 * protocol and ingress interface of a packet. Everything here belongs to one worker.
 */
@org.jspecify.annotations.NullMarked
package io.portcullis.core.connection;
