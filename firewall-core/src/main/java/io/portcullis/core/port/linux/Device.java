package io.portcullis.core.port.linux;

import io.portcullis.core.net.MacAddress;
import io.portcullis.core.port.PortStatus;

/** What {@link DevicePort} is a share of: a device by its name, whatever happens to what bears it. */
interface Device {
    String name();

    /** Zero without a link layer. */
    MacAddress mac();

    /** Of the device now, octets; of the last one while there is none. */
    int mtu();

    PortStatus status();

    /** One port less uses it; after the last it is given back. */
    void release();
}
