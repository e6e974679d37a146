package io.portcullis.ipsec.esp;

import io.portcullis.core.net.IpAddress;

/** What routing knows of the way of outer packets. */
@FunctionalInterface
public interface OuterPath {
    /** MTU of the interface that packets to this address leave by; 1500 when no route is known. On the worker. */
    int mtu(IpAddress remote);
}
