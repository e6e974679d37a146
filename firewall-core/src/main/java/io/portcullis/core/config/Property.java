package io.portcullis.core.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Declares a component of an {@link ObjectType} record as a property. Allowed component types: {@code String},
 * {@code boolean} (Yes/No), {@code int}, {@code long}, enums, {@link Addresses}, {@link Ref}, {@link Secret},
 * {@code io.portcullis.core.net.IpAddress}, {@code java.util.List} of any of these, and {@code java.util.Optional} of
 * any of these for properties that may be {@code <empty>}. A component named {@code name} of type String is the
 * object's name.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Property {
    /** What it does, one sentence. */
    String help();

    /** Name in commands where it is not the component's name with a capital: {@code PSKAscii}. Any case is accepted. */
    String name() default "";

    /** Default, as one would type it; empty means none. */
    String byDefault() default "";

    /** Whether it must be given. */
    boolean required() default false;

    /** Heading under which forms and documentation show it. */
    String group() default "General";

    /** Lowest number allowed. */
    long min() default Long.MIN_VALUE;

    /** Highest number allowed. */
    long max() default Long.MAX_VALUE;

    /** What a {@link Ref} may point to: record classes, or empty with {@link #category}. */
    Class<? extends Record>[] refersTo() default {};

    /** A category whose types a {@link Ref} may all point to, such as {@code Interface}. */
    String category() default "";

    /** Words that stand beside references: {@code any}, {@code core}, {@code None}. */
    String[] also() default {};
}
