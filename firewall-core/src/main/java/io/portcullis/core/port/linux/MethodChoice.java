package io.portcullis.core.port.linux;

import io.portcullis.core.port.IoMethod;
import java.util.ArrayList;
import java.util.List;

/** Which way of exchanging frames a device gets, and why. */
final class MethodChoice {
    private final TakenDevice device;
    private final DeviceFeatures features;
    private final int queues;

    private MethodChoice(TakenDevice device, DeviceFeatures features, int queues) {
        this.device = device;
        this.features = features;
        this.queues = queues;
    }

    /** @throws DeviceException when the method, or with AUTO all of them, can not be had */
    static List<DeviceIo> open(TakenDevice device, IoMethod method, int queues) throws DeviceException {
        MethodChoice choice = new MethodChoice(device, DeviceFeatures.of(device.name()), queues);
        return method == IoMethod.AUTO ? choice.best() : choice.open(method, "configured");
    }

    /**
     * Frames of 64 kB are worth more than any way of moving small ones; where the device has none, AF_XDP moves the
     * most, then the ring; messages work everywhere.
     */
    private List<DeviceIo> best() throws DeviceException {
        if (features.superPackets()) {
            return open(IoMethod.SUPER_PACKETS, "the device has super-packets (" + superPackets() + ")");
        }
        StringBuilder refused = new StringBuilder("the device has no super-packets");
        for (IoMethod method : List.of(IoMethod.XDP, IoMethod.RING)) {
            try {
                return open(method, refused.toString());
            } catch (DeviceException e) {
                refused.append("; ").append(method).append(" refused: ").append(e.getMessage());
            }
        }
        return open(IoMethod.SUPER_PACKETS, refused.toString());
    }

    private String superPackets() {
        String sent = features.segmentation() ? "TSO" : "";
        String received = features.merging() ? "GRO" : "";
        return sent.isEmpty() || received.isEmpty() ? sent + received : sent + " and " + received;
    }

    private List<DeviceIo> open(IoMethod method, String why) throws DeviceException {
        List<DeviceIo> opened = new ArrayList<>();
        Fanout fanout = queues == 1 ? Fanout.NONE : new Fanout(device.index() & 0xffff, queues);
        try {
            for (int i = 0; i < queues; i++) {
                opened.add(
                        switch (method) {
                            case XDP -> i == 0 ? xdp(why) : SendSocket.open(device, why);
                            case RING -> PacketRing.open(device, fanout, why);
                            case AUTO, SUPER_PACKETS -> PacketMessages.open(device, fanout, why);
                        });
            }
            return opened;
        } catch (DeviceException e) {
            opened.forEach(DeviceIo::close);
            throw e;
        }
    }

    private DeviceIo xdp(String why) throws DeviceException {
        if (features.receiveQueues() > 1) {
            throw new DeviceException(device.name() + ": AF_XDP takes one receive queue, and there are "
                    + features.receiveQueues() + " (ethtool -L " + device.name() + " combined 1)");
        }
        if (device.mtu() > XdpSocket.LONGEST_MTU) {
            throw new DeviceException(device.name() + ": the MTU " + device.mtu() + " is more than the "
                    + XdpSocket.LONGEST_MTU + " octets of AF_XDP");
        }
        if (features.stripsTags() && !device.leaveTags()) {
            throw new DeviceException(device.name() + ": takes VLAN tags off frames, and AF_XDP is not told of them");
        }
        // In native mode a veth pair stops making super-packets, which AF_XDP would lose.
        XdpProgram.Mode first = features.superPackets() ? XdpProgram.Mode.NATIVE : XdpProgram.Mode.SKB;
        return XdpSocket.open(device, first, features.localPeer(), why);
    }
}
