package io.portcullis.ipsec.ike;

import io.portcullis.core.net.AddressSet;
import io.portcullis.core.net.IpAddress;
import io.portcullis.core.net.IpNetwork;
import io.portcullis.ipsec.ike.iana.DhGroup;
import io.portcullis.ipsec.ike.iana.Encr;
import io.portcullis.ipsec.ike.iana.Integ;
import io.portcullis.ipsec.ike.iana.Prf;
import io.portcullis.ipsec.sa.EspSuite;
import io.portcullis.ipsec.sa.TrafficSelector;
import io.portcullis.ipsec.tunnel.Identity;
import io.portcullis.ipsec.tunnel.PreSharedKey;
import io.portcullis.ipsec.tunnel.TunnelDefinition;
import io.portcullis.ipsec.tunnel.TunnelDefinition.IkeSuite;
import io.portcullis.ipsec.tunnel.TunnelDefinition.NatTraversal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Builds tunnel definitions for tests: a LAN-to-LAN tunnel with sensible values, changed where a test wants it. */
final class Tunnels {
    static final EspSuite GCM_128 = new EspSuite(Encr.AES_GCM_16, 128, Integ.NONE);
    static final EspSuite GCM_256 = new EspSuite(Encr.AES_GCM_16, 256, Integ.NONE);
    static final EspSuite CBC_256 = new EspSuite(Encr.AES_CBC, 256, Integ.HMAC_SHA2_256_128);

    String name = "tunnel";
    AddressSet remoteEndpoints = AddressSet.EMPTY;
    List<IpAddress> initiateTo = new ArrayList<>();
    List<TrafficSelector> local = networks("172.16.1.0/24");
    List<TrafficSelector> remote = networks("172.16.2.0/24");
    Optional<Identity> localId = Optional.empty();
    List<Identity> remoteIds = List.of();
    String psk = "a secret shared by two";
    List<IkeSuite> ikeSuites =
            List.of(new IkeSuite(GCM_128, Prf.HMAC_SHA2_256), new IkeSuite(CBC_256, Prf.HMAC_SHA2_256));
    List<DhGroup> dhGroups = List.of(DhGroup.CURVE25519, DhGroup.ECP_256);
    List<EspSuite> espSuites = List.of(GCM_128, CBC_256);
    List<DhGroup> pfsGroups = List.of();
    int ikeLife = 28_800;
    int ipsecLife = 3_600;
    long kilobytes;
    int dpd;
    boolean autoEstablish;
    NatTraversal nat = NatTraversal.ON_IF_NEEDED;
    boolean esn = true;

    static Tunnels to(String peer) {
        Tunnels tunnels = new Tunnels();
        tunnels.remoteEndpoints = AddressSet.of(IpAddress.literal(peer));
        tunnels.initiateTo.add(IpAddress.literal(peer));
        return tunnels;
    }

    /** The same tunnel from the other end. */
    static Tunnels mirrored(String peer) {
        Tunnels tunnels = to(peer);
        tunnels.local = networks("172.16.2.0/24");
        tunnels.remote = networks("172.16.1.0/24");
        return tunnels;
    }

    static List<TrafficSelector> networks(String... networks) {
        return Arrays.stream(networks)
                .map(text -> TrafficSelector.of(IpNetwork.literal(text)))
                .toList();
    }

    TunnelDefinition build() {
        return new TunnelDefinition(
                name,
                Optional.empty(),
                remoteEndpoints,
                List.copyOf(initiateTo),
                local,
                remote,
                localId,
                remoteIds,
                new PreSharedKey(psk.getBytes(StandardCharsets.UTF_8)),
                ikeSuites,
                dhGroups,
                espSuites,
                pfsGroups,
                ikeLife,
                ipsecLife,
                kilobytes,
                dpd,
                autoEstablish,
                nat,
                64,
                esn);
    }
}
