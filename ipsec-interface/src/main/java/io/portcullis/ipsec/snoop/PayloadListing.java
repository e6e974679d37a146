package io.portcullis.ipsec.snoop;

import io.portcullis.ipsec.ike.iana.AuthMethod;
import io.portcullis.ipsec.ike.iana.CertEncoding;
import io.portcullis.ipsec.ike.iana.DhGroup;
import io.portcullis.ipsec.ike.iana.IdType;
import io.portcullis.ipsec.ike.iana.PayloadType;
import io.portcullis.ipsec.ike.iana.ProtocolId;
import io.portcullis.ipsec.ike.wire.AuthPayload;
import io.portcullis.ipsec.ike.wire.CertPayload;
import io.portcullis.ipsec.ike.wire.CertReqPayload;
import io.portcullis.ipsec.ike.wire.ConfigurationPayload;
import io.portcullis.ipsec.ike.wire.DeletePayload;
import io.portcullis.ipsec.ike.wire.EapPayload;
import io.portcullis.ipsec.ike.wire.EncryptedFragmentPayload;
import io.portcullis.ipsec.ike.wire.EncryptedPayload;
import io.portcullis.ipsec.ike.wire.IdPayload;
import io.portcullis.ipsec.ike.wire.KePayload;
import io.portcullis.ipsec.ike.wire.NoncePayload;
import io.portcullis.ipsec.ike.wire.NotifyPayload;
import io.portcullis.ipsec.ike.wire.Octets;
import io.portcullis.ipsec.ike.wire.Payload;
import io.portcullis.ipsec.ike.wire.PayloadChain;
import io.portcullis.ipsec.ike.wire.SaPayload;
import io.portcullis.ipsec.ike.wire.TsPayload;
import io.portcullis.ipsec.ike.wire.UnknownPayload;
import io.portcullis.ipsec.ike.wire.VendorIdPayload;
import io.portcullis.ipsec.sa.TrafficSelector;
import java.util.HexFormat;
import java.util.List;

/** One payload of a verbose listing. */
final class PayloadListing {
    /** SHA-1 of an authority's public key (RFC 7296 section 3.7). */
    private static final int AUTHORITY_OCTETS = 20;

    private static final int GENERIC_HEADER = 4;
    private static final HexFormat SPACED = HexFormat.ofDelimiter(" ");

    private PayloadListing() {}

    static void list(Payload payload, Listing out) {
        out.title(title(payload));
        out.within(() -> {
            int octets = PayloadChain.write(List.of(payload)).length - GENERIC_HEADER;
            out.field("Payload data length", octets + " bytes");
            content(payload, out);
        });
    }

    private static String title(Payload payload) {
        return switch (payload) {
            case SaPayload _ -> "SA (Security Association)";
            case KePayload _ -> "KE (Key Exchange)";
            case IdPayload id ->
                id.initiator() ? "IDi (Identification - Initiator)" : "IDr (Identification - Responder)";
            case CertPayload _ -> "CERT (Certificate)";
            case CertReqPayload _ -> "CERTREQ (Certificate Request)";
            case AuthPayload _ -> "AUTH (Authentication)";
            case NoncePayload _ -> "NONCE (Nonce)";
            case NotifyPayload _ -> "N (Notify)";
            case DeletePayload _ -> "D (Delete)";
            case VendorIdPayload _ -> "VID (Vendor ID)";
            case TsPayload ts ->
                ts.initiator() ? "TSi (Traffic Selector - Initiator)" : "TSr (Traffic Selector - Responder)";
            case EncryptedPayload _ -> "SK (Encrypted and Authenticated)";
            case EncryptedFragmentPayload _ -> "SKF (Encrypted and Authenticated Fragment)";
            case ConfigurationPayload _ -> "CP (Configuration)";
            case EapPayload _ -> "EAP (Extensible Authentication)";
            case UnknownPayload unknown -> PayloadType.nameOf(unknown.payloadType()) + " (not spoken here)";
        };
    }

    private static void content(Payload payload, Listing out) {
        switch (payload) {
            case SaPayload sa -> ProposalListing.list(sa, out);
            case KePayload ke -> out.field("Group description", DhGroup.nameOf(ke.group()));
            case IdPayload id -> {
                out.field("ID type", IdType.nameOf(id.type()));
                out.field("ID", IdentityText.of(id.type(), id.data()));
            }
            case CertPayload cert -> out.field("Certificate encoding", CertEncoding.nameOf(cert.encoding()));
            case CertReqPayload certReq -> authorities(certReq, out);
            case AuthPayload auth -> out.field("Authentication method", AuthMethod.nameOf(auth.method()));
            case NotifyPayload notify -> NotifyListing.list(notify, out);
            case DeletePayload delete -> {
                out.field("Protocol ID", ProtocolId.nameOf(delete.protocol()));
                delete.spis().forEach(spi -> out.field("SPI Value", "0x" + spi));
            }
            case VendorIdPayload vendor -> {
                out.field("Vendor ID", SPACED.formatHex(vendor.data().toArray()));
                out.field("Description", VendorIds.nameOf(vendor.data()).orElse("(unknown)"));
            }
            case TsPayload ts -> selectors(ts, out);
            case ConfigurationPayload configuration -> ConfigurationListing.list(configuration, out);
            case EapPayload eap -> eap(eap, out);
            case EncryptedFragmentPayload part -> out.field("Fragment", part.number() + "/" + part.total());
            case UnknownPayload unknown -> out.field("Critical", unknown.critical() ? "Yes" : "No");
            case NoncePayload _, EncryptedPayload _ -> {
                // Their length is all there is to say.
            }
        }
    }

    private static void authorities(CertReqPayload payload, Listing out) {
        out.field("Certificate encoding", CertEncoding.nameOf(payload.encoding()));
        Octets authority = payload.authority();
        boolean hashes = payload.encoding() == CertEncoding.X509_SIGNATURE.id();
        for (int at = 0; hashes && at + AUTHORITY_OCTETS <= authority.size(); at += AUTHORITY_OCTETS) {
            out.field("Authority key (SHA-1)", authority.slice(at, at + AUTHORITY_OCTETS));
        }
    }

    private static void selectors(TsPayload payload, Listing out) {
        int count = payload.selectors().size() + payload.others().size();
        int number = 0;
        for (TrafficSelector selector : payload.selectors()) {
            number++;
            out.title("Traffic selector " + number + "/" + count);
            out.within(() -> {
                out.field("Protocol", selector.protocol() == 0 ? "any" : selector.protocol());
                out.field("Ports", ports(selector));
                out.field("Addresses", selector.addresses());
            });
        }
        for (Octets other : payload.others()) {
            number++;
            out.title("Traffic selector " + number + "/" + count);
            out.within(() -> out.field("Type", other.at(0)));
        }
    }

    private static String ports(TrafficSelector selector) {
        if (selector.firstPort() == 0 && selector.lastPort() == 65_535) {
            return "any";
        }
        if (selector.firstPort() > selector.lastPort()) {
            return "opaque";
        }
        return selector.firstPort() + "-" + selector.lastPort();
    }

    private static void eap(EapPayload payload, Listing out) {
        String code = switch (payload.code()) {
            case 1 -> "Request";
            case 2 -> "Response";
            case 3 -> "Success";
            case 4 -> "Failure";
            default -> "" + payload.code();
        };
        out.field("Code", code);
        out.field("Identifier", payload.identifier());
        if (payload.message().size() > GENERIC_HEADER) {
            out.field("EAP type", payload.message().at(GENERIC_HEADER));
        }
    }
}
