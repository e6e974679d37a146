package io.portcullis.ipsec.tunnel;

import java.util.List;
import java.util.Optional;

/**
 * The tunnels of the active configuration, in the order in which a responder looks through them. An immutable
 * snapshot: a change of the configuration is another list.
 */
public record TunnelList(List<TunnelDefinition> tunnels) {
    public static final TunnelList EMPTY = new TunnelList(List.of());

    public TunnelList {
        tunnels = List.copyOf(tunnels);
    }

    /** The tunnel of this name. */
    public Optional<TunnelDefinition> find(String name) {
        return tunnels.stream().filter(tunnel -> tunnel.name().equals(name)).findFirst();
    }
}
