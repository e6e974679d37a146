/**
 * IPsec tunnels as interfaces: tunnel objects, the choice among them, IKE, ESP, and what shows a negotiation
 * to people.
 */
@org.jspecify.annotations.NullMarked
package io.portcullis.ipsec;
