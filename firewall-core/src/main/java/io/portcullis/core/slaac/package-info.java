/**
 * Router advertisements and stateless address autoconfiguration (RFC 4861 section 6.3, RFC 4862): for interfaces that
 * are told to, what routers on the link say becomes address, network and default router, as a lease of DHCP does. Off
 * by default: nobody on a link says where a firewall's packets go unless the operator lets him.
 */
@org.jspecify.annotations.NullMarked
package io.portcullis.core.slaac;
