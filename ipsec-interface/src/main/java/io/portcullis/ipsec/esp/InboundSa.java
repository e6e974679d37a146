package io.portcullis.ipsec.esp;

import io.portcullis.ipsec.crypto.EspTransform;
import io.portcullis.ipsec.sa.SaPair;

/** The receiving half of a pair: window and counters. Owned by the worker; counters are read by others. */
final class InboundSa {
    final int spi;
    final EspTransform transform;
    final ReplayWindow window;
    long packets;
    long octets;
    long lastNanos;
    long replayed;
    long forged;

    InboundSa(SaPair pair, EspTransform transform) {
        spi = pair.inboundSpi();
        this.transform = transform;
        window = new ReplayWindow(pair.replayWindow(), pair.extendedSequence());
    }
}
