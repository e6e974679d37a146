package io.portcullis.ipsec.tunnel;

import io.portcullis.core.net.IpAddress;
import io.portcullis.ipsec.ike.iana.IdType;
import io.portcullis.ipsec.ike.wire.IdPayload;
import io.portcullis.ipsec.ike.wire.Octets;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Identities as ID payloads (RFC 7296 section 3.5). */
public final class IdentityPayload {
    private IdentityPayload() {}

    /** The payload that presents an identity. */
    public static IdPayload of(Identity identity, boolean initiator) {
        return switch (identity) {
            case Identity.Address(IpAddress address) ->
                new IdPayload(
                        initiator,
                        (address.isV4() ? IdType.ID_IPV4_ADDR : IdType.ID_IPV6_ADDR).id(),
                        Octets.of(address.octets()));
            case Identity.Dns(String hostname) -> text(initiator, IdType.ID_FQDN, hostname);
            case Identity.Email(String address) -> text(initiator, IdType.ID_RFC822_ADDR, address);
        };
    }

    /**
     * The identity that a payload presents; empty for types that no tunnel can name and for addresses of odd length.
     */
    public static Optional<Identity> read(IdPayload payload) {
        byte[] data = payload.data().toArray();
        return IdType.of(payload.type()).flatMap(type -> switch (type) {
            case ID_IPV4_ADDR -> address(data, 4);
            case ID_IPV6_ADDR -> address(data, 16);
            case ID_FQDN -> Optional.of(new Identity.Dns(new String(data, StandardCharsets.UTF_8)));
            case ID_RFC822_ADDR -> Optional.of(new Identity.Email(new String(data, StandardCharsets.UTF_8)));
            case ID_DER_ASN1_DN, ID_DER_ASN1_GN, ID_KEY_ID, ID_FC_NAME, ID_NULL -> Optional.empty();
        });
    }

    /** Whether one of the accepted identities is the presented one; names compare without regard to case. */
    public static boolean isOneOf(IdPayload presented, List<Identity> accepted) {
        Optional<Identity> identity = read(presented);
        return identity.isPresent() && accepted.stream().anyMatch(each -> same(each, identity.get()));
    }

    /** For decisions and logs: the identity, or its type and octets where it is none of ours. */
    public static String describe(IdPayload payload) {
        return read(payload)
                .map(Identity::toString)
                .orElseGet(() -> IdType.nameOf(payload.type()) + " " + payload.data());
    }

    /** What a tunnel presents from an own address. */
    public static Identity local(TunnelDefinition tunnel, IpAddress address) {
        return tunnel.localId().orElseGet(() -> new Identity.Address(address));
    }

    private static boolean same(Identity a, Identity b) {
        return a.getClass() == b.getClass()
                && a.toString().toLowerCase(Locale.ROOT).equals(b.toString().toLowerCase(Locale.ROOT));
    }

    private static Optional<Identity> address(byte[] data, int octets) {
        return data.length == octets ? Optional.of(new Identity.Address(IpAddress.of(data))) : Optional.empty();
    }

    private static IdPayload text(boolean initiator, IdType type, String text) {
        return new IdPayload(initiator, type.id(), Octets.of(text.getBytes(StandardCharsets.UTF_8)));
    }
}
