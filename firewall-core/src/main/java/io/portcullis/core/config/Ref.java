package io.portcullis.core.config;

/**
 * A reference to another object by its name, as it was typed.
 *
 * @param name name of the object, or one of the property's special words
 */
public record Ref(String name) {
    @Override
    public String toString() {
        return name;
    }
}
