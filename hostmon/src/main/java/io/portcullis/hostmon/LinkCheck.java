package io.portcullis.hostmon;

import io.portcullis.core.iface.EthernetInterface;
import io.portcullis.core.port.PortStatus;
import java.time.Duration;

/**
 * Whether an interface's device has somebody at the other end.
 *
 * @param interval between two looks
 */
public record LinkCheck(EthernetInterface iface, Duration interval) {
    boolean isUp() {
        return iface.port().status().state() == PortStatus.State.UP;
    }
}
