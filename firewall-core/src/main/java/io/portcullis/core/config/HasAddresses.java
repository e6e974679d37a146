package io.portcullis.core.config;

import java.util.Optional;

/** An address object: what its name stands for in address expressions. */
public interface HasAddresses {
    /** Literals, and for groups the names of other address objects. */
    Addresses addresses();

    /** What of them it does not stand for. */
    default Optional<Addresses> excluded() {
        return Optional.empty();
    }
}
