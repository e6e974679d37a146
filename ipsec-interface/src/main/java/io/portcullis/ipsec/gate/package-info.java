/** Where the pipeline and IPsec meet: ESP and IKE for the firewall's own addresses, and IKE's way out. */
@org.jspecify.annotations.NullMarked
package io.portcullis.ipsec.gate;
