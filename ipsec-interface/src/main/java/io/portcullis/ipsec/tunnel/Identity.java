package io.portcullis.ipsec.tunnel;

import io.portcullis.core.net.IpAddress;

/** Who a peer says it is (RFC 7296 section 3.5). */
public sealed interface Identity {
    /** ID_IPV4_ADDR or ID_IPV6_ADDR. */
    record Address(IpAddress address) implements Identity {
        @Override
        public String toString() {
            return address.toString();
        }
    }

    /** ID_FQDN; compared without regard to case. */
    record Dns(String hostname) implements Identity {
        @Override
        public String toString() {
            return hostname;
        }
    }

    /** ID_RFC822_ADDR. */
    record Email(String address) implements Identity {
        @Override
        public String toString() {
            return address;
        }
    }
}
