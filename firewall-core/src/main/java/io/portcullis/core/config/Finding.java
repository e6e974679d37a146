package io.portcullis.core.config;

/**
 * What a check of a configuration found.
 *
 * @param severity whether it prevents the activation
 * @param object the object at fault
 * @param property its property, or empty
 * @param sentence what is wrong and what would be right
 */
public record Finding(Severity severity, ObjectKey object, String property, String sentence) {
    /** How grave. */
    public enum Severity {
        ERROR,
        WARNING
    }

    @Override
    public String toString() {
        return (severity == Severity.ERROR ? "Error: " : "Warning: ")
                + object
                + (property.isEmpty() ? "" : ", " + property)
                + ": "
                + sentence;
    }
}
