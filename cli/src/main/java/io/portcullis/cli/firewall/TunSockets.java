package io.portcullis.cli.firewall;

import io.portcullis.core.net.IpAddress;
import io.portcullis.core.net.IpNetwork;
import io.portcullis.core.port.Port;
import io.portcullis.core.port.linux.TunDevice;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The TUN device of {@code core}. It has the firewall's own addresses, so that the program's sockets can, and a default
 * route that counts only where the machine has no other: devices that the firewall did not take keep their routes.
 */
final class TunSockets implements Machine.SocketDevice {
    /** Behind every route that somebody made. */
    private static final int LAST_RESORT = Integer.MAX_VALUE;

    private final TunDevice device;
    private final List<IpAddress> addresses = new ArrayList<>();

    TunSockets(TunDevice device) {
        this.device = device;
    }

    @Override
    public Port port() {
        return device.port();
    }

    @Override
    public void addresses(List<IpAddress> own) throws IOException {
        for (IpAddress gone : List.copyOf(addresses)) {
            if (!own.contains(gone)) {
                device.removeAddress(gone, gone.bits());
                addresses.remove(gone);
            }
        }
        for (IpAddress address : own) {
            if (!addresses.contains(address)) {
                device.addAddress(address, address.bits());
                addresses.add(address);
            }
        }
        route(IpNetwork.ALL_V4);
        route(IpNetwork.ALL_V6);
    }

    private void route(IpNetwork everywhere) throws IOException {
        Optional<IpAddress> source = addresses.stream()
                .filter(address -> address.isV4() == everywhere.isV4())
                .findFirst();
        if (source.isPresent()) {
            device.addRoute(everywhere, everywhere.isV4() ? source.get() : null, LAST_RESORT);
        }
    }
}
