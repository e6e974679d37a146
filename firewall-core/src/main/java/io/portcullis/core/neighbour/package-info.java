/**
 * Link addresses of neighbours: ARP (RFC 826, RFC 5227) and neighbour discovery (RFC 4861) over one table. Only what is
 * on the interface's own networks is learned, only own addresses are answered for; redirects are not believed, and
 * router advertisements only where the operator says so, since the configuration alone says where packets go.
 */
@org.jspecify.annotations.NullMarked
package io.portcullis.core.neighbour;
