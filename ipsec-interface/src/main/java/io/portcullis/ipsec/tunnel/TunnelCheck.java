package io.portcullis.ipsec.tunnel;

import io.portcullis.core.config.Addresses;
import io.portcullis.core.config.Configuration;
import io.portcullis.core.config.Findings;
import io.portcullis.core.net.AddressSet;
import io.portcullis.core.net.IpAddress;
import java.util.List;
import java.util.Optional;

/** What a tunnel needs before it can be activated, and what its operator should know. */
final class TunnelCheck {
    private static final int LEAST_IKE_SECONDS = 600;
    private static final int LEAST_IPSEC_SECONDS = 300;

    private final IpsecTunnel tunnel;
    private final Configuration configuration;
    private final Findings.ForObject findings;

    TunnelCheck(IpsecTunnel tunnel, Configuration configuration, Findings.ForObject findings) {
        this.tunnel = tunnel;
        this.configuration = configuration;
        this.findings = findings;
    }

    void run() {
        networks();
        endpoints();
        authentication();
        lifetimes();
        algorithms();
        if (tunnel.esn() && tunnel.replayWindow() == 0) {
            findings.warning("ESN", "64-bit sequence numbers need a ReplayWindow: they are not offered");
        }
    }

    private void networks() {
        boolean local = any("LocalNetwork", tunnel.localNetwork());
        boolean remote = any("RemoteNetwork", tunnel.remoteNetwork());
        if (local
                && remote
                && !configuration
                        .resolve(tunnel.localNetwork())
                        .sharesFamily(configuration.resolve(tunnel.remoteNetwork()))) {
            findings.error(
                    "RemoteNetwork",
                    tunnel.remoteNetwork() + " is of another family than LocalNetwork, " + tunnel.localNetwork());
        }
    }

    private boolean any(String property, Addresses network) {
        boolean some = !configuration.resolve(network).isEmpty();
        if (!some) {
            findings.error(property, network + " stands for no address");
        }
        return some;
    }

    private void endpoints() {
        Optional<IpAddress> local = Optional.empty();
        if (tunnel.localEndpoint().isPresent()) {
            Addresses given = tunnel.localEndpoint().get();
            local = TunnelCompiler.single(configuration.resolve(given));
            if (local.isEmpty()) {
                findings.error("LocalEndpoint", given + " is not one address");
            }
        }
        AddressSet remote = tunnel.remoteEndpoint().map(configuration::resolve).orElse(AddressSet.EMPTY);
        if (local.isPresent()
                && !remote.isEmpty()
                && !AddressSet.of(local.get()).sharesFamily(remote)) {
            findings.error("RemoteEndpoint", remote + " is of another family than LocalEndpoint, " + local.get());
        }
        boolean callable = tunnel.remoteEndpoint()
                .filter(given -> TunnelCompiler.single(remote).isPresent()
                        || !TunnelCompiler.hosts(given).isEmpty())
                .isPresent();
        if (tunnel.autoEstablish() && !callable) {
            findings.error("AutoEstablish", "RemoteEndpoint must be one address or a host name to be called");
        }
    }

    private void authentication() {
        if (tunnel.psk().isEmpty()) {
            findings.error("PSK", "IPsecTunnel " + tunnel.name() + " needs a PSK object: AuthMethod is PSK");
        }
        Optional<String> wrong = switch (tunnel.localIdType()) {
            case AUTO ->
                tunnel.localId().isEmpty()
                        ? Optional.empty()
                        : Optional.of("LocalIDType Auto presents the own address; choose IP, DNS or Email");
            case IP ->
                IpAddress.parse(tunnel.localId()).isPresent()
                        ? Optional.empty()
                        : Optional.of("'" + tunnel.localId() + "' is not an address, as LocalIDType IP asks");
            case DNS, EMAIL ->
                tunnel.localId().isEmpty()
                        ? Optional.of("LocalIDType " + tunnel.localIdType() + " needs it")
                        : Optional.empty();
        };
        wrong.ifPresent(sentence -> findings.error("LocalID", sentence));
        tunnel.remoteId()
                .filter(list -> configuration
                        .children(IdList.class, list.name(), IdEntry.class)
                        .isEmpty())
                .ifPresent(list ->
                        findings.error("RemoteID", "IDList " + list + " has no ID: no peer could use the tunnel"));
    }

    private void algorithms() {
        configuration
                .find(IkeAlgorithms.class, tunnel.ikeAlgorithms().name())
                .ifPresent(list -> unimplemented("IKEAlgorithms", list.name(), list.unimplemented()));
        configuration
                .find(IpsecAlgorithms.class, tunnel.ipsecAlgorithms().name())
                .ifPresent(list -> unimplemented("IPsecAlgorithms", list.name(), list.unimplemented()));
    }

    private void unimplemented(String property, String list, List<String> ignored) {
        if (!ignored.isEmpty()) {
            findings.warning(
                    property, String.join(", ", ignored) + " of " + list + " is not implemented and is ignored");
        }
    }

    private void lifetimes() {
        int ike = tunnel.ikeLifeTimeSeconds();
        int ipsec = tunnel.ipsecLifeTimeSeconds();
        if (ike < LEAST_IKE_SECONDS) {
            findings.warning("IKELifeTimeSeconds", ike + " is below the recommended " + LEAST_IKE_SECONDS);
        }
        if (ipsec < LEAST_IPSEC_SECONDS) {
            findings.warning("IPsecLifeTimeSeconds", ipsec + " is below the recommended " + LEAST_IPSEC_SECONDS);
        }
        if (ipsec > ike / 10 * 9) {
            findings.warning("IPsecLifeTimeSeconds", ipsec + " is not clearly shorter than IKELifeTimeSeconds, " + ike);
        }
    }
}
