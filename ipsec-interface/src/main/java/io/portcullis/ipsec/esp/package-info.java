/**
 * ESP (RFC 4303) in tunnel mode: replay window, encapsulation, decapsulation, and the database of SAs that the
 * worker uses and IKE fills. Everything here belongs to the worker unless a class says otherwise.
 */
@org.jspecify.annotations.NullMarked
package io.portcullis.ipsec.esp;
