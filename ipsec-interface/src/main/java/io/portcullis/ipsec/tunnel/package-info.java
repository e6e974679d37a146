/** Tunnel objects, what they compile to, the choice among them, and the interface that carries their traffic. */
@org.jspecify.annotations.NullMarked
package io.portcullis.ipsec.tunnel;
