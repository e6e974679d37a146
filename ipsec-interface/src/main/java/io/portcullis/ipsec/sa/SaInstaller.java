package io.portcullis.ipsec.sa;

/**
 * What IKE may ask of the data plane. Calls return at once: the commands travel through a bounded queue to the
 * worker that owns the SA, in order. Called on the IKE thread only.
 */
public interface SaInstaller {
    /**
     * A new inbound SPI for a tunnel, that no SA uses, 256 or above (RFC 4303 section 2.1). It stays reserved until
     * released.
     */
    int allocateSpi(String tunnel);

    /** Gives back a reserved SPI that never became an SA. */
    void releaseSpi(int inboundSpi);

    /**
     * Installs both directions. Without {@link SaPair#replaces} outbound traffic uses it at once; a replacement
     * receives at once and sends only from {@link #activateOutbound} on.
     */
    void install(SaPair pair);

    /** Moves outbound traffic to this pair: the peer is known to receive on it. */
    void activateOutbound(int inboundSpi);

    /** Removes both directions of the pair with this inbound SPI. Unknown SPIs are ignored. */
    void remove(int inboundSpi);

    /** The peer moved (RFC 7296 section 2.23) or encapsulation changed. */
    void movePath(int inboundSpi, SaPair.Path path);

    /** Packets that waited for a tunnel which now cannot come up are dropped and counted. */
    void negotiationFailed(String tunnel);
}
