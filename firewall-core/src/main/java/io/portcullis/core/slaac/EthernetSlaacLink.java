package io.portcullis.core.slaac;

import io.portcullis.core.iface.EthernetInterface;
import io.portcullis.core.iface.WorkerMailbox;
import io.portcullis.core.neighbour.Neighbours;
import io.portcullis.core.net.IpAddress;
import io.portcullis.core.port.PortStatus;

/** The link of an Ethernet interface that runs. Any thread; packets are made on the first worker that has a port. */
final class EthernetSlaacLink implements SlaacLink {
    private final EthernetInterface iface;
    private final WorkerMailbox workers;
    private final int worker;

    /** @param inbox where the interface is to leave what it hears */
    EthernetSlaacLink(EthernetInterface iface, WorkerMailbox workers, RouterInbox inbox) {
        this.iface = iface;
        this.workers = workers;
        this.worker = iface.links().getFirst().worker();
        iface.routers(inbox);
    }

    @Override
    public IpAddress linkLocal() {
        return iface.addresses().linkLocal();
    }

    @Override
    public boolean isUp() {
        return iface.port().status().state() == PortStatus.State.UP;
    }

    @Override
    public void solicit() {
        boolean _ = workers.execute(worker, (on, _) -> iface.neighbours().solicitRouters(on));
    }

    @Override
    public void probe(IpAddress address, Runnable whenTaken) {
        Neighbours.ProbeListener listener = _ -> whenTaken.run();
        boolean _ = workers.execute(worker, (on, now) -> iface.neighbours().probeFree(address, listener, on, now));
    }

    @Override
    public void close() {
        iface.routers(null);
    }
}
