package io.portcullis.core.port.linux;

/** Error numbers of Linux, the same on x86-64 and AArch64 (asm-generic/errno.h). */
enum Errno {
    EPERM(1, "operation not permitted"),
    ENOENT(2, "no such file or directory"),
    EINTR(4, "interrupted"),
    EIO(5, "input/output error"),
    EBADF(9, "bad file descriptor"),
    EAGAIN(11, "try again"),
    ENOMEM(12, "out of memory"),
    EACCES(13, "permission denied"),
    EBUSY(16, "device or resource busy"),
    EEXIST(17, "exists already"),
    ENODEV(19, "no such device"),
    EINVAL(22, "invalid argument"),
    EMFILE(24, "too many open files"),
    ERANGE(34, "out of range"),
    EMSGSIZE(90, "message too long"),
    ENOPROTOOPT(92, "option not supported"),
    EOPNOTSUPP(95, "operation not supported"),
    EAFNOSUPPORT(97, "address family not supported"),
    EADDRNOTAVAIL(99, "address not available"),
    ENETDOWN(100, "network is down"),
    ENETUNREACH(101, "network is unreachable"),
    ENOBUFS(105, "no buffer space"),
    UNKNOWN(0, "unknown error");

    private final int number;
    private final String text;

    Errno(int number, String text) {
        this.number = number;
        this.text = text;
    }

    static Errno of(int number) {
        for (Errno errno : values()) {
            if (errno.number == number) {
                return errno;
            }
        }
        return UNKNOWN;
    }

    /** Name and sentence of a number, and the way out where there is a usual one. */
    static String describe(int number) {
        Errno errno = of(number);
        return errno == UNKNOWN ? "errno " + number : errno.describe();
    }

    String describe() {
        String name = this + " (" + text + ")";
        return this == EPERM || this == EACCES ? name + ": needs CAP_NET_RAW and CAP_NET_ADMIN, start with sudo" : name;
    }
}
