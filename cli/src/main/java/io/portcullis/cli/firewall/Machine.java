package io.portcullis.cli.firewall;

import io.portcullis.core.port.Port;
import io.portcullis.core.port.PortWaiter;
import java.io.IOException;
import java.util.Optional;

/** The machine that a firewall runs on, as far as packets are concerned; the demo's exists in memory only. */
public interface Machine {
    /**
     * Takes a network device over.
     *
     * @param device name of the device
     * @param mtu longest IP packet to carry, octets
     * @throws IOException with a sentence for the administrator: there is no such device, it is in use, or the process
     *     may not
     */
    Port takeOver(String device, int mtu) throws IOException;

    /**
     * The device behind which the program's own sockets are; empty where there is none.
     *
     * @throws IOException with a sentence for the administrator
     */
    Optional<Port> core() throws IOException;

    /**
     * How a worker sleeps while there is nothing to do; it is told of the ports.
     *
     * @throws IOException with a sentence for the administrator
     */
    PortWaiter waiter() throws IOException;
}
