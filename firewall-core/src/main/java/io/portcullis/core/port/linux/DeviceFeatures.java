package io.portcullis.core.port.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * What a device says of itself by SIOCETHTOOL (linux/ethtool.h). A driver that does not know a question has not the
 * feature.
 *
 * @param driver name of the driver, "" when it does not tell
 * @param segmentation cuts TCP super-packets that are sent (TSO)
 * @param merging joins received segments to super-packets (GRO or LRO)
 * @param checksums finishes the checksums of what is sent
 * @param stripsTags takes VLAN tags off received frames
 * @param localPeer frames may come from a kernel on the same machine, which leaves checksums to be finished: a device
 *     without a bus, or a virtual machine's
 * @param receiveQueues at least 1
 */
record DeviceFeatures(
        String driver,
        boolean segmentation,
        boolean merging,
        boolean checksums,
        boolean stripsTags,
        boolean localPeer,
        int receiveQueues) {
    private static final long ETHTOOL = 0x8946;
    private static final int GET_DRIVER = 0x03;
    private static final int GET_TX_CHECKSUM = 0x16;
    private static final int GET_TSO = 0x1e;
    private static final int GET_FLAGS = 0x25;
    private static final int SET_FLAGS = 0x26;
    private static final int GET_GRO = 0x2b;
    private static final int GET_CHANNELS = 0x3c;
    private static final int FLAG_RX_VLAN = 1 << 8;
    private static final int FLAG_LRO = 1 << 15;

    private static final int NAME_ROOM = 16;
    private static final int IFREQ = 40;
    private static final int DRIVER_INFO = 196;
    private static final int DRIVER_NAME = 4;
    private static final int BUS_INFO = 100;
    private static final int RX_CHANNELS = 20;
    private static final int COMBINED_CHANNELS = 32;

    /** Whether frames longer than the MTU cross this device in one piece. */
    boolean superPackets() {
        return segmentation || merging;
    }

    /** @throws DeviceException when the system gives no socket */
    static DeviceFeatures of(String device) throws DeviceException {
        try (LinkControl link = new LinkControl(device);
                Arena arena = Arena.ofConfined()) {
            Asker ask = new Asker(link, arena.allocate(IFREQ, 8), arena.allocate(DRIVER_INFO, 8));
            ask.request.setString(0, device.substring(0, Math.min(device.length(), NAME_ROOM - 1)));
            boolean known = ask.put(GET_DRIVER, 0);
            String driver = known ? ask.value.getString(DRIVER_NAME) : "";
            String bus = known ? ask.value.getString(BUS_INFO) : "";
            int flags = ask.get(GET_FLAGS);
            boolean channels = ask.put(GET_CHANNELS, 0);
            int queues = channels
                    ? ask.value.get(ValueLayout.JAVA_INT, RX_CHANNELS)
                            + ask.value.get(ValueLayout.JAVA_INT, COMBINED_CHANNELS)
                    : 1;
            return new DeviceFeatures(
                    driver,
                    ask.get(GET_TSO) != 0,
                    ask.get(GET_GRO) != 0 || (flags & FLAG_LRO) != 0,
                    ask.get(GET_TX_CHECKSUM) != 0,
                    (flags & FLAG_RX_VLAN) != 0,
                    bus.isEmpty() || driver.equals("virtio_net"),
                    Math.max(1, queues));
        }
    }

    /** Has the device leave VLAN tags in frames, or take them off. @return whether it does as it was told */
    static boolean stripTags(String device, boolean strip) throws DeviceException {
        try (LinkControl link = new LinkControl(device);
                Arena arena = Arena.ofConfined()) {
            Asker ask = new Asker(link, arena.allocate(IFREQ, 8), arena.allocate(DRIVER_INFO, 8));
            ask.request.setString(0, device);
            int flags = ask.get(GET_FLAGS);
            ask.put(SET_FLAGS, strip ? flags | FLAG_RX_VLAN : flags & ~FLAG_RX_VLAN);
            return ((ask.get(GET_FLAGS) & FLAG_RX_VLAN) != 0) == strip;
        }
    }

    /** One question at a time: the command, then a value, in the memory that the request points at. */
    private record Asker(LinkControl link, MemorySegment request, MemorySegment value) {
        private boolean put(int command, int argument) {
            value.fill((byte) 0);
            value.set(ValueLayout.JAVA_INT, 0, command);
            value.set(ValueLayout.JAVA_INT, 4, argument);
            request.set(ValueLayout.ADDRESS, NAME_ROOM, value);
            return link.ask(ETHTOOL, request);
        }

        private int get(int command) {
            return put(command, 0) ? value.get(ValueLayout.JAVA_INT, 4) : 0;
        }
    }
}
