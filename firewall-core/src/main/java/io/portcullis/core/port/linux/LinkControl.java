package io.portcullis.core.port.linux;

import io.portcullis.core.net.MacAddress;
import io.portcullis.core.packet.Octets;
import io.portcullis.core.port.PortStatus.State;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Flags, MTU and address of a network device by ioctl (netdevice(7)). */
final class LinkControl implements AutoCloseable {
    private static final int AF_INET = 2;
    private static final int SOCK_DGRAM = 2;
    private static final int SOCK_CLOEXEC = 0x80000;
    private static final int NAME_ROOM = 16;
    private static final int IFREQ = 40;
    private static final int VALUE = 16;
    private static final int HARDWARE_OCTETS = 18;

    private static final long GET_INDEX = 0x8933;
    private static final long GET_FLAGS = 0x8913;
    private static final long SET_FLAGS = 0x8914;
    private static final long GET_MTU = 0x8921;
    private static final long SET_MTU = 0x8922;
    private static final long GET_HARDWARE = 0x8927;
    private static final long SET_HARDWARE = 0x8924;
    private static final int UP = 1;
    private static final int RUNNING = 0x40;
    /** ARPHRD_ETHER. */
    private static final int ETHERNET = 1;

    private final Arena arena = Arena.ofConfined();
    private final MemorySegment state = Libc.state(arena);
    private final MemorySegment request = arena.allocate(IFREQ, 8);
    private final String device;
    private final int fd;

    /** @throws DeviceException when the name is none, or the system gives no socket */
    LinkControl(String device) throws DeviceException {
        this.device = device;
        checkName(device);
        fd = Libc.socket(state, AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
        if (fd < 0) {
            int errno = Libc.errno(state);
            arena.close();
            throw new DeviceException(device + ": socket", errno);
        }
        request.setString(0, device);
    }

    /** @throws DeviceException unless it can be a device's name: 1..15 octets, no blank, slash or colon */
    static void checkName(String device) throws DeviceException {
        if (!device.matches("[!-~&&[^/:]]{1," + (NAME_ROOM - 1) + "}") || device.equals(".") || device.equals("..")) {
            throw new DeviceException("\"" + device + "\" can not be a device's name: 1 to 15 characters");
        }
    }

    int index() throws DeviceException {
        call("look up", GET_INDEX);
        return request.get(ValueLayout.JAVA_INT, VALUE);
    }

    /** 0 when there is no such device. */
    int indexOrZero() throws DeviceException {
        try {
            return index();
        } catch (DeviceException e) {
            if (e.errno() == Errno.ENODEV) {
                return 0;
            }
            throw e;
        }
    }

    State state() throws DeviceException {
        int flags = flags();
        if ((flags & UP) == 0) {
            return State.DOWN;
        }
        return (flags & RUNNING) == 0 ? State.NO_CARRIER : State.UP;
    }

    boolean isUp() throws DeviceException {
        return (flags() & UP) != 0;
    }

    void up(boolean up) throws DeviceException {
        int flags = flags();
        request.set(ValueLayout.JAVA_SHORT, VALUE, (short) (up ? flags | UP : flags & ~UP));
        call(up ? "bring up" : "bring down", SET_FLAGS);
    }

    int mtu() throws DeviceException {
        call("read the MTU", GET_MTU);
        return request.get(ValueLayout.JAVA_INT, VALUE);
    }

    void mtu(int octets) throws DeviceException {
        request.set(ValueLayout.JAVA_INT, VALUE, octets);
        call("set the MTU to " + octets, SET_MTU);
    }

    /** @throws DeviceException also when the device has no Ethernet address */
    MacAddress mac() throws DeviceException {
        call("read the address", GET_HARDWARE);
        if (request.get(ValueLayout.JAVA_SHORT, VALUE) != ETHERNET) {
            throw new DeviceException(device + ": is not an Ethernet device");
        }
        return MacAddress.of(request.asSlice(HARDWARE_OCTETS, 6).toArray(ValueLayout.JAVA_BYTE));
    }

    /** Sets the station address; a device that can not while it is up is down for that moment. */
    void mac(MacAddress mac) throws DeviceException {
        boolean wasUp = isUp();
        try {
            setMac(mac);
        } catch (DeviceException e) {
            if (e.errno() != Errno.EBUSY) {
                throw e;
            }
            up(false);
            setMac(mac);
            up(wasUp);
        }
    }

    private void setMac(MacAddress mac) throws DeviceException {
        request.set(ValueLayout.JAVA_SHORT, VALUE, (short) ETHERNET);
        Octets.u48(request, HARDWARE_OCTETS, mac.bits());
        call("set the address to " + mac, SET_HARDWARE);
    }

    /** Any other request about the device. @return whether the system granted it */
    boolean ask(long number, MemorySegment own) {
        return Libc.ioctl(state, fd, number, own) >= 0;
    }

    private int flags() throws DeviceException {
        call("read the flags", GET_FLAGS);
        return request.get(ValueLayout.JAVA_SHORT, VALUE);
    }

    private void call(String what, long number) throws DeviceException {
        if (Libc.ioctl(state, fd, number, request) < 0) {
            throw new DeviceException(device + ": " + what, Libc.errno(state));
        }
    }

    @Override
    public void close() {
        Libc.close(state, fd);
        arena.close();
    }
}
