package io.portcullis.ipsec.ike.wire;

import io.portcullis.ipsec.ike.iana.PayloadType;

/**
 * Vendor ID (RFC 7296 section 3.12).
 *
 * @param data what names the implementation or an extension
 */
public record VendorIdPayload(Octets data) implements Payload {
    @Override
    public int payloadType() {
        return PayloadType.VENDOR.id();
    }
}
