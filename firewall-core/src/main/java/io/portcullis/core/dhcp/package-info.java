/**
 * The DHCP client of Ethernet interfaces (RFC 2131, RFC 2132): a state machine for each, which takes replies and the
 * time and says what to send, and the checks of what a server offers. Messages pass the port of the interface as the
 * firewall's own; what a lease brings stands in the configuration that is compiled, as if an administrator had typed
 * it.
 */
@org.jspecify.annotations.NullMarked
package io.portcullis.core.dhcp;
