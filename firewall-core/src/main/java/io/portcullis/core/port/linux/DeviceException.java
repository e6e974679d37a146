package io.portcullis.core.port.linux;

import java.io.IOException;

/** A device can not be taken over, or the system refused a call on the way; the message says which and why. */
public final class DeviceException extends IOException {
    private static final long serialVersionUID = 1L;

    private final Errno errno;

    DeviceException(String message) {
        super(message);
        this.errno = Errno.UNKNOWN;
    }

    DeviceException(String message, Throwable cause) {
        super(message, cause);
        this.errno = Errno.UNKNOWN;
    }

    /** @param what the device or file, and the call */
    DeviceException(String what, int errno) {
        super(what + ": " + Errno.describe(errno));
        this.errno = Errno.of(errno);
    }

    DeviceException(String what, Errno errno) {
        super(what + ": " + errno.describe());
        this.errno = errno;
    }

    /** UNKNOWN when no call failed. */
    Errno errno() {
        return errno;
    }
}
