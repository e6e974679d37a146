package io.portcullis.cli.firewall;

import io.portcullis.core.net.IpAddress;
import io.portcullis.core.pipeline.WorkerSettings;
import io.portcullis.core.port.IoMethod;
import io.portcullis.core.port.Port;
import io.portcullis.core.port.PortWaiter;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/** The machine that a firewall runs on, as far as packets are concerned; the demo's exists in memory only. */
public interface Machine {
    /**
     * Takes a network device over.
     *
     * @param device name of the device
     * @param mtu longest IP packet to carry, octets
     * @param method how to exchange frames with it
     * @param workers that would each like a port of their own
     * @return one port for each worker, in their order, or fewer where the device has none for each
     * @throws IOException with a sentence for the administrator: there is no such device, it is in use, or the process
     *     may not
     */
    List<Port> takeOver(String device, int mtu, IoMethod method, int workers) throws IOException;

    /**
     * The device behind which the program's own sockets are; empty where there is none.
     *
     * @throws IOException with a sentence for the administrator
     */
    Optional<SocketDevice> sockets() throws IOException;

    /**
     * How a worker sleeps while there is nothing to do; it is told of the ports.
     *
     * @throws IOException with a sentence for the administrator
     */
    PortWaiter waiter() throws IOException;

    /**
     * Binds the calling thread to a processor that no other worker is bound to, while there are enough.
     *
     * @param worker number of the worker whose thread it is, from 0
     * @throws IOException with a sentence for the administrator
     */
    void bind(int worker) throws IOException;

    /**
     * Has the calling thread, a worker's, run as soon as there is something to do for it, whatever else runs.
     *
     * @param settings say how much of a busy processor it gets
     * @param rounds of the worker, which is the thread's progress; -1 while it sleeps
     * @throws IOException with a sentence for the administrator
     */
    void hasten(WorkerSettings settings, LongSupplier rounds) throws IOException;

    /** A TUN device that leads the program's own sockets into the firewall, as its {@code core} interface. */
    interface SocketDevice {
        Port port();

        /**
         * The firewall's own addresses, which sockets may have.
         *
         * @throws IOException with a sentence for the administrator
         */
        void addresses(List<IpAddress> own) throws IOException;
    }
}
