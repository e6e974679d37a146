package io.portcullis.ipsec.ike.wire;

/** One payload of an IKEv2 message, by value (RFC 7296 section 3.2). */
public sealed interface Payload
        permits SaPayload,
                KePayload,
                IdPayload,
                CertPayload,
                CertReqPayload,
                AuthPayload,
                NoncePayload,
                NotifyPayload,
                DeletePayload,
                VendorIdPayload,
                TsPayload,
                SealedPayload,
                ConfigurationPayload,
                EapPayload,
                UnknownPayload {
    /** The number in IANA's "IKEv2 Payload Types". */
    int payloadType();
}
