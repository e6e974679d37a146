/**
 * The IKE engine: the only place where IKE meets sockets, clocks and threads. Below it, {@code v2} holds the exchanges
 * as plain functions, {@code wire} the messages, {@code crypto} the keys, {@code proposal} what is offered and chosen.
 */
@org.jspecify.annotations.NullMarked
package io.portcullis.ipsec.ike;
