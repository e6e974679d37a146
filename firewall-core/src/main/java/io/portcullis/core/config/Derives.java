package io.portcullis.core.config;

import java.util.List;

/**
 * An object that brings others along: an interface its address objects, a profile its hidden tunnel. They are found
 * like stored objects, at the place of this one, but can be neither changed nor deleted.
 */
public interface Derives {
    /** The derived objects, of registered types. */
    List<Record> derived();
}
