package io.portcullis.core.port;

import io.portcullis.core.net.MacAddress;
import io.portcullis.core.packet.PacketBurst;
import io.portcullis.core.packet.PacketPool;

/**
 * Where frames come from and go to. Used by one worker; neither call ever blocks. Frames up to 64 kB with a partial
 * checksum or waiting to be cut are told by the packet's offload fields, both ways, as far as {@link #capabilities}
 * says that the port can take them.
 */
public interface Port extends AutoCloseable {
    /** The device's name, for people. */
    String name();

    /** Own station address; zero for a port without a link layer (TUN). */
    MacAddress mac();

    /** MTU of the device in octets of IP packet; somebody else may change it at any time. */
    int mtu();

    /** May change when the device comes back after it vanished. */
    PortCapabilities capabilities();

    /** How the device is; any thread. */
    default PortStatus status() {
        return PortStatus.UP;
    }

    /** What came and was lost; any thread. */
    default PortStatistics statistics() {
        return PortStatistics.NONE;
    }

    /**
     * Fills the burst with received frames, in packets from the pool, up to the burst's capacity.
     *
     * @return how many were added
     */
    int receive(PacketBurst into, PacketPool pool);

    /**
     * Sends the frames of the burst, in order. They are handed over or copied when this returns; the packets stay the
     * caller's.
     *
     * @return how many the device took; the others, wherever in the burst they stand, are {@link PacketBurst#isRefused}
     */
    int send(PacketBurst burst);

    /** Descriptor to poll(2) for input while idle, -1 when there is none. */
    int descriptor();

    /** Asks a port without a descriptor to wake this waiter whenever a frame arrives; others have nothing to do. */
    default void wakes(PortWaiter waiter) {}

    /** Gives the device back as it was found. */
    @Override
    void close();
}
