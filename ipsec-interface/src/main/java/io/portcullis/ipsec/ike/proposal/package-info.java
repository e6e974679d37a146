/** Offering and choosing: algorithms of IKE and ESP, traffic selectors, each with the reasons as decisions. */
@org.jspecify.annotations.NullMarked
package io.portcullis.ipsec.ike.proposal;
