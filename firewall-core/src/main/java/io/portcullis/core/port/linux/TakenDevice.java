package io.portcullis.core.port.linux;

import io.portcullis.core.net.IpAddress;
import io.portcullis.core.net.MacAddress;
import java.io.UncheckedIOException;

/**
 * An Ethernet device in the firewall's hands: up, and the kernel deaf on it. The kernel must not answer ARP, neighbour
 * discovery or ICMP there, nor forward from it. It has no address on the device, but answers for its other addresses
 * too; so ARP is told to ignore everything, the reverse path filter drops every IPv4 packet (no route leads back through
 * the device), and IPv6 is off.
 */
final class TakenDevice {
    private final String name;
    private final int index;
    private final MacAddress mac;
    private final int mtu;
    private final KernelSettings settings;
    private final boolean wasUp;
    private final int mtuBefore;
    private int users;
    private boolean tagsLeft;

    private TakenDevice(String name, int index, MacAddress mac, int mtu, boolean wasUp, int mtuBefore) {
        this.name = name;
        this.index = index;
        this.mac = mac;
        this.mtu = mtu;
        this.settings = new KernelSettings(name);
        this.wasUp = wasUp;
        this.mtuBefore = mtuBefore;
    }

    /**
     * Takes a device over.
     *
     * @param mtu to set, 0 to keep the device's
     * @throws DeviceException when there is no such Ethernet device, the kernel has addresses on it, it belongs to a
     *     bridge or bond, or the rights are missing; it is then as it was
     */
    static TakenDevice take(String name, int mtu) throws DeviceException {
        try (LinkControl link = new LinkControl(name);
                RouteSocket routes = new RouteSocket()) {
            int index = link.index();
            MacAddress mac = link.mac();
            for (IpAddress address : routes.addresses(index)) {
                if (address.isV4() || !address.isLinkLocal()) {
                    throw new DeviceException(name + ": the system itself has the address " + address
                            + " here; free the device first (ip addr flush dev " + name + ")");
                }
            }
            if (routes.master(index) != 0) {
                throw new DeviceException(name + ": belongs to a bridge or bond (ip link set " + name + " nomaster)");
            }
            int mtuBefore = link.mtu();
            TakenDevice device = new TakenDevice(name, index, mac, mtu == 0 ? mtuBefore : mtu, link.isUp(), mtuBefore);
            try {
                device.seize(link);
            } catch (DeviceException e) {
                device.giveBack();
                throw e;
            }
            return device;
        }
    }

    private void seize(LinkControl link) throws DeviceException {
        settings.set("ipv4", "arp_ignore", "8");
        settings.set("ipv4", "rp_filter", "1");
        settings.set("ipv4", "forwarding", "0");
        settings.set("ipv4", "proxy_arp", "0");
        settings.set("ipv6", "disable_ipv6", "1");
        if (mtu != mtuBefore) {
            link.mtu(mtu);
        }
        if (!wasUp) {
            link.up(true);
        }
    }

    String name() {
        return name;
    }

    int index() {
        return index;
    }

    MacAddress mac() {
        return mac;
    }

    int mtu() {
        return mtu;
    }

    /** Has VLAN tags left in received frames, until it is given back. @return whether they are */
    boolean leaveTags() throws DeviceException {
        tagsLeft = DeviceFeatures.stripTags(name, false);
        return tagsLeft;
    }

    /** Has one more user. */
    synchronized TakenDevice share() {
        users++;
        return this;
    }

    /** Has one user less; after the last it is given back. */
    synchronized void release() {
        if (--users <= 0) {
            giveBack();
        }
    }

    /** Gives the device back as it was found; one that is gone needs nothing. */
    private void giveBack() {
        try (LinkControl link = new LinkControl(name)) {
            if (link.index() != index) {
                return;
            }
            if (tagsLeft) {
                DeviceFeatures.stripTags(name, true);
            }
            if (!wasUp) {
                link.up(false);
            }
            if (mtu != mtuBefore) {
                link.mtu(mtuBefore);
            }
            settings.restore();
        } catch (DeviceException e) {
            // Gone, or nothing was changed for want of rights.
            if (e.errno() != Errno.ENODEV && e.errno() != Errno.EPERM) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
