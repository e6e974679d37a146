package io.portcullis.core.config;

import org.jspecify.annotations.Nullable;

/**
 * Names an object to people and across processes.
 *
 * @param parent key of the object that it is in; null at the top
 * @param type name of its type
 * @param id its name, or its index from 1 where it has no name; empty for settings
 */
public record ObjectKey(@Nullable ObjectKey parent, String type, String id) {
    /** Key of a top-level object. */
    public static ObjectKey of(String type, String id) {
        return new ObjectKey(null, type, id);
    }

    /** {@code RoutingTable main/Route 3}. */
    @Override
    public String toString() {
        String self = id.isEmpty() ? type : type + " " + id;
        return parent == null ? self : parent + "/" + self;
    }
}
