/**
 * Whether something out there answers: ICMP, TCP and HTTP monitors for routes and tunnels.
 */
@org.jspecify.annotations.NullMarked
package io.portcullis.hostmon;
