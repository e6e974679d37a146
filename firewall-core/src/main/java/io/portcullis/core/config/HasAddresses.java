package io.portcullis.core.config;

/** An address object: what its name stands for in address expressions. */
public interface HasAddresses {
    /** Literals, and for groups the names of other address objects. */
    Addresses addresses();
}
