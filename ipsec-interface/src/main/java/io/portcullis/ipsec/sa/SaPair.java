package io.portcullis.ipsec.sa;

import io.portcullis.core.net.IpAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A pair of IPsec SAs as IKE hands it to the data plane: keys and limits, immutable. Sequence numbers, windows and
 * byte counts belong to the data plane.
 *
 * @param tunnel name of the tunnel interface
 * @param inboundSpi our SPI, chosen by us
 * @param outboundSpi the peer's SPI
 * @param suite algorithms of both directions
 * @param inboundKeys keys for what the peer sends
 * @param outboundKeys keys for what we send
 * @param local selectors of our side, at least one
 * @param remote selectors of the peer's side, at least one
 * @param path outer addresses and encapsulation
 * @param extendedSequence 64-bit sequence numbers (RFC 4303 section 2.2.1)
 * @param replayWindow packets, 0 switches the check off
 * @param softBytes bytes after which IKE is asked to rekey, 0 for no limit
 * @param hardBytes bytes after which the SA carries nothing more, 0 for no limit
 * @param replaces inbound SPI of the pair that this one rekeys, or null. Outbound traffic moves to the new pair at
 *     {@link SaInstaller#activateOutbound}
 */
public record SaPair(
        String tunnel,
        int inboundSpi,
        int outboundSpi,
        EspSuite suite,
        SecretKeys inboundKeys,
        SecretKeys outboundKeys,
        List<TrafficSelector> local,
        List<TrafficSelector> remote,
        Path path,
        boolean extendedSequence,
        int replayWindow,
        long softBytes,
        long hardBytes,
        @Nullable Integer replaces) {

    /**
     * Where the outer packets go.
     *
     * @param udpEncapsulated ESP in UDP (RFC 3948), else protocol 50; the ports matter only then
     */
    public record Path(IpAddress local, int localPort, IpAddress remote, int remotePort, boolean udpEncapsulated) {}
}
