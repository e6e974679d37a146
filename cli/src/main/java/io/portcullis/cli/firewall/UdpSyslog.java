package io.portcullis.cli.firewall;

import io.portcullis.core.event.receiver.SyslogTransport;
import io.portcullis.core.net.IpAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;

/** Sends each message as one datagram (RFC 5426). */
final class UdpSyslog implements SyslogTransport {
    private final InetSocketAddress server;
    private final DatagramChannel channel;

    UdpSyslog(IpAddress server, int port) throws IOException {
        this.server = new InetSocketAddress(InetAddress.getByAddress(server.octets()), port);
        channel = DatagramChannel.open();
    }

    @Override
    public void send(byte[] message) throws IOException {
        channel.send(ByteBuffer.wrap(message), server);
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException _) {
            // Nothing is left to be done with it.
        }
    }
}
