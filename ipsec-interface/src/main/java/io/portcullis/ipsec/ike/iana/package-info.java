/** The IANA registries of IKEv2 as enums in numeric order, with the whole row. */
@org.jspecify.annotations.NullMarked
package io.portcullis.ipsec.ike.iana;
