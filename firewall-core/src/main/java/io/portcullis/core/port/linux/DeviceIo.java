package io.portcullis.core.port.linux;

import io.portcullis.core.packet.PacketBurst;
import io.portcullis.core.packet.PacketPool;
import io.portcullis.core.port.PortCapabilities;
import io.portcullis.core.port.PortStatistics;

/** One way of exchanging frames with a device that was taken over; what {@link DevicePort} drives. One worker's. */
interface DeviceIo extends AutoCloseable {
    PortCapabilities capabilities();

    /** Becomes readable when frames came. */
    int descriptor();

    /** As {@link io.portcullis.core.port.Port#receive}. */
    int receive(PacketBurst into, PacketPool pool);

    /** As {@link io.portcullis.core.port.Port#send}. */
    int send(PacketBurst burst);

    /** The device changed: takes note of what the kernel has to say, so that it does not wake the worker for ever. */
    default void settle() {}

    /** What was lost before it became a packet. Any thread, not after the end. */
    PortStatistics statistics();

    /** Also gives back to the pool what was waiting for frames: call it on the worker's thread or after its end. */
    @Override
    void close();
}
