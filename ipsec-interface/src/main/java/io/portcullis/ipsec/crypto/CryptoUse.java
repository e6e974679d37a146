package io.portcullis.ipsec.crypto;

/** What went through one algorithm: written by the worker as plain fields, read a moment late by listings. */
final class CryptoUse {
    private long packets;
    private long octets;

    void count(int packetOctets) {
        packets++;
        octets += packetOctets;
    }

    long packets() {
        return packets;
    }

    long octets() {
        return octets;
    }
}
