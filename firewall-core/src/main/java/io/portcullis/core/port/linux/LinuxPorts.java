package io.portcullis.core.port.linux;

import io.portcullis.core.port.IoMethod;
import io.portcullis.core.port.Port;
import java.util.List;

/** Opens Ethernet devices of the calling thread's network namespace, by the method that fits each. */
public final class LinuxPorts {
    private LinuxPorts() {}

    /**
     * Takes a device over and brings it up. Should it vanish, it is taken over again when it comes back; its ports tell
     * how it is ({@link Port#status}).
     *
     * @param mtu to set, octets; 0 to keep the device's
     * @param method how to exchange frames; {@link IoMethod#AUTO} takes what fits the device and says why
     * @param queues how many workers share it, at least 1
     * @return a port for each worker, to be closed on its thread or after its end; the device is given back with the
     *     last
     * @throws DeviceException when it can not be taken, or not by that method; it is then as it was
     */
    public static List<Port> open(String name, int mtu, IoMethod method, int queues) throws DeviceException {
        return EthernetDevice.open(name, mtu, method, queues);
    }
}
