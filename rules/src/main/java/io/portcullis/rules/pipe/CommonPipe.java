package io.portcullis.rules.pipe;

import io.portcullis.core.iface.NetworkInterface;
import io.portcullis.core.shaping.PipeDefinition;
import java.util.function.Predicate;

/**
 * A pipe that is not configured as one: behind all others, for all connections that come in or leave by some
 * interfaces, both ways.
 *
 * @param definition named as the setting that asks for it; no other pipe may have the name
 * @param uses whether it is for connections of this interface
 */
public record CommonPipe(PipeDefinition definition, Predicate<NetworkInterface> uses) {
    String name() {
        return definition.name();
    }
}
