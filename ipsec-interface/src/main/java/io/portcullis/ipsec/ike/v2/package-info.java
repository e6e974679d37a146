/**
 * IKEv2 (RFC 7296) as plain functions of state and input: {@link io.portcullis.ipsec.ike.v2.IkeSa} takes a message, a
 * timer, a finished computation or a command, together with the time, and returns
 * {@link io.portcullis.ipsec.ike.v2.Action actions}. Each exchange is a small class; message IDs, retransmission and
 * the replay of answers are one machine around them ({@code Window}). No socket, clock, thread or provider inside.
 *
 * <p>Everything here belongs to the IKE thread.
 */
@org.jspecify.annotations.NullMarked
package io.portcullis.ipsec.ike.v2;
