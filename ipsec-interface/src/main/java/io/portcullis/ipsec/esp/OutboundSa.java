package io.portcullis.ipsec.esp;

import io.portcullis.core.net.IpAddress;
import io.portcullis.ipsec.crypto.EspTransform;
import io.portcullis.ipsec.sa.SaPair;

/** The sending half of a pair: sequence number, limits, path. Owned by the worker; counters are read by others. */
final class OutboundSa {
    private static final long LAST_SHORT_SEQUENCE = 0xffff_ffffL;

    final int spi;
    final EspTransform transform;
    final boolean extended;
    private final long lastSequence;
    private final long softSequence;

    private boolean localV4;
    private IpAddress local;
    private IpAddress remote;
    private int localPort;
    private int remotePort;
    private boolean udpEncapsulated;

    private long sequence;
    long packets;
    long octets;
    long lastNanos;

    OutboundSa(SaPair pair, EspTransform transform) {
        this(pair, transform, 0);
    }

    /** @param sequence the last number used already: a test starts near the end */
    OutboundSa(SaPair pair, EspTransform transform, long sequence) {
        spi = pair.outboundSpi();
        this.transform = transform;
        extended = pair.extendedSequence();
        lastSequence = extended ? Long.MAX_VALUE : LAST_SHORT_SEQUENCE;
        softSequence = lastSequence / 10 * 9;
        this.sequence = sequence;
        local = pair.path().local();
        remote = pair.path().remote();
        move(pair.path());
    }

    void move(SaPair.Path path) {
        local = path.local();
        remote = path.remote();
        localV4 = local.isV4();
        localPort = path.localPort();
        remotePort = path.remotePort();
        udpEncapsulated = path.udpEncapsulated();
    }

    /** Whether another packet has a number left (RFC 4303 section 3.3.3: it must not cycle). */
    boolean hasSequence() {
        return sequence < lastSequence;
    }

    boolean nearEnd() {
        return sequence >= softSequence;
    }

    long nextSequence() {
        return ++sequence;
    }

    /** The last number used. */
    long sequence() {
        return sequence;
    }

    boolean isV4() {
        return localV4;
    }

    IpAddress local() {
        return local;
    }

    IpAddress remote() {
        return remote;
    }

    int localPort() {
        return localPort;
    }

    int remotePort() {
        return remotePort;
    }

    boolean udpEncapsulated() {
        return udpEncapsulated;
    }
}
