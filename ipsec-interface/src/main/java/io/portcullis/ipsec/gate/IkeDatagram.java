package io.portcullis.ipsec.gate;

import io.portcullis.core.net.IpAddress;

/** An IKE message as it came, without UDP header and non-ESP marker. */
public final class IkeDatagram {
    private final IpAddress local;
    private final int localPort;
    private final IpAddress remote;
    private final int remotePort;
    private final String interfaceName;
    private final byte[] message;

    /**
     * @param local own address that it was sent to
     * @param localPort 500 or 4500
     * @param remote whom it came from
     * @param interfaceName interface that it came in by
     * @param message the message; taken over
     */
    IkeDatagram(
            IpAddress local, int localPort, IpAddress remote, int remotePort, String interfaceName, byte[] message) {
        this.local = local;
        this.localPort = localPort;
        this.remote = remote;
        this.remotePort = remotePort;
        this.interfaceName = interfaceName;
        this.message = message;
    }

    public IpAddress local() {
        return local;
    }

    public int localPort() {
        return localPort;
    }

    public IpAddress remote() {
        return remote;
    }

    public int remotePort() {
        return remotePort;
    }

    public String interfaceName() {
        return interfaceName;
    }

    /** The message's octets; the receiver's own. */
    public byte[] message() {
        return message;
    }

    @Override
    public String toString() {
        return remote + ":" + remotePort + " > " + local + ":" + localPort + ", " + message.length + " octets";
    }
}
