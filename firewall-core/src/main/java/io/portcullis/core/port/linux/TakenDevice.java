package io.portcullis.core.port.linux;

import io.portcullis.core.net.IpAddress;
import io.portcullis.core.net.MacAddress;
import java.io.UncheckedIOException;
import java.util.Optional;

/**
 * An Ethernet device in the firewall's hands: up, and the kernel deaf on it. The kernel must not answer ARP, neighbour
 * discovery or ICMP there, nor forward from it. It has no address on the device, but answers for its other addresses
 * too; so ARP is told to ignore everything, the reverse path filter drops every IPv4 packet (no route leads back
 * through the device), and IPv6 is off.
 */
final class TakenDevice implements AutoCloseable {
    private final String name;
    private final int index;
    private final MacAddress mac;
    private final int mtu;
    private final FoundState found;

    private TakenDevice(String name, int index, MacAddress mac, int mtu, FoundState found) {
        this.name = name;
        this.index = index;
        this.mac = mac;
        this.mtu = mtu;
        this.found = found;
    }

    /**
     * Takes a device over.
     *
     * @param mtu to set, 0 to keep the device's
     * @param mac station address to set, empty to keep the device's
     * @throws DeviceException when there is no such Ethernet device, the kernel has addresses on it, it belongs to a
     *     bridge or bond, or the rights are missing; it is then as it was
     */
    static TakenDevice take(String name, int mtu, Optional<MacAddress> mac) throws DeviceException {
        try (LinkControl link = new LinkControl(name);
                RouteSocket routes = new RouteSocket()) {
            int index = link.index();
            MacAddress present = link.mac();
            for (IpAddress address : routes.addresses(index)) {
                if (address.isV4() || !address.isLinkLocal()) {
                    throw new DeviceException(name + ": the system itself has the address " + address
                            + " here; free the device first (ip addr flush dev " + name + ")");
                }
            }
            if (routes.master(index) != 0) {
                throw new DeviceException(name + ": belongs to a bridge or bond (ip link set " + name + " nomaster)");
            }
            FoundState found = found(name, present, link, routes.alias(index));
            TakenDevice device =
                    new TakenDevice(name, index, mac.orElse(found.mac()), mtu == 0 ? found.mtu() : mtu, found);
            try {
                device.seize(link, routes);
            } catch (DeviceException e) {
                device.close();
                throw e;
            }
            return device;
        }
    }

    /** How the device is, or was before somebody took it who did not give it back. */
    private static FoundState found(String name, MacAddress mac, LinkControl link, String alias)
            throws DeviceException {
        Optional<FoundState> left = FoundState.parse(alias);
        return left.isPresent()
                ? left.get()
                : new FoundState(
                        link.isUp(),
                        link.mtu(),
                        mac,
                        DeviceFeatures.of(name).stripsTags(),
                        KernelSettings.read(name),
                        alias);
    }

    private void seize(LinkControl link, RouteSocket routes) throws DeviceException {
        routes.alias(index, found.text());
        KernelSettings.write(name, KernelSettings.DEAF);
        shape(link, mtu, mac);
        if (!link.isUp()) {
            link.up(true);
        }
    }

    private static void shape(LinkControl link, int mtu, MacAddress mac) throws DeviceException {
        if (mtu != link.mtu()) {
            link.mtu(mtu);
        }
        if (!mac.equals(link.mac())) {
            link.mac(mac);
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
        return DeviceFeatures.stripTags(name, false);
    }

    /** Gives the device back as it was found; one that is gone needs nothing. */
    @Override
    public void close() {
        try (LinkControl link = new LinkControl(name);
                RouteSocket routes = new RouteSocket()) {
            if (link.indexOrZero() != index) {
                return;
            }
            DeviceFeatures.stripTags(name, found.stripsTags());
            if (!found.up()) {
                link.up(false);
            }
            shape(link, found.mtu(), found.mac());
            KernelSettings.write(name, found.settings());
            routes.alias(index, found.alias());
        } catch (DeviceException e) {
            // Nothing was changed for want of rights, or it went meanwhile.
            if (e.errno() != Errno.EPERM && isThere()) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private boolean isThere() {
        try (LinkControl link = new LinkControl(name)) {
            return link.indexOrZero() == index;
        } catch (DeviceException e) {
            throw new UncheckedIOException(e);
        }
    }
}
