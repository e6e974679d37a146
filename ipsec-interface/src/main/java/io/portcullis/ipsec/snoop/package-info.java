/**
 * What {@code ike -snoop} shows: messages after decryption, in the layout of the reference's listing, and with
 * {@code -match} the decisions between them. {@link io.portcullis.ipsec.snoop.SnoopRenderer} is a plain function from
 * values to text; {@link io.portcullis.ipsec.snoop.Snoop} hands entries from the IKE thread to whoever listens.
 *
 * <p>Nothing here prints what could help somebody who reads over the shoulder: of keys, nonces, certificates, AUTH and
 * EAP only the size is shown. Text from the peer is stripped of control characters, for it ends on a terminal.
 */
@org.jspecify.annotations.NullMarked
package io.portcullis.ipsec.snoop;
