package io.portcullis.core.config;

/**
 * A mistake of the operator: the sentence says what was given and what is allowed. Thrown by parsing, by editing and
 * by the constructors of object records; never shows a secret.
 */
public final class ConfigError extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String property;
    private final String sentence;

    /**
     * @param property name of the property at fault, empty when it is the object as a whole
     * @param sentence what was given and what is allowed, without the property's name
     */
    public ConfigError(String property, String sentence) {
        super(sentence);
        this.property = property;
        this.sentence = sentence;
    }

    /** A mistake that is not one property's. */
    public ConfigError(String sentence) {
        this("", sentence);
    }

    /** What is wrong, without the property's name. */
    public String sentence() {
        return sentence;
    }

    /** With the property's name in front, where there is one. */
    @Override
    public String getMessage() {
        return property.isEmpty() ? sentence : property + ": " + sentence;
    }

    /** Name of the property at fault, or empty. */
    public String property() {
        return property;
    }
}
