package io.portcullis.core.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Declares a record as a type of configuration object. Everything else (commands, completion, validation, JSON, web
 * forms, reference documentation) is derived from the record and its {@link Property} components.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface ObjectType {
    /** Name in commands, such as {@code IPsecTunnel}. */
    String value();

    /** Category in commands, such as {@code Interface}; empty when there is none. May be left out when typing. */
    String category() default "";

    /** Name for people, such as "IPsec tunnel". */
    String title();

    /** What it is for: one or two sentences. */
    String help();

    /** Types that it can be a child of ({@code Route} in {@code RoutingTable}); empty for top-level types. */
    Class<? extends Record>[] in() default {};

    /** Whether it can also stand at the top, though it can be a child ({@code IPPolicy}: the rule set main). */
    boolean atTop() default false;

    /** Whether the order of the objects has a meaning (policies, tunnels, access rules); new ones go last. */
    boolean ordered() default false;

    /** One object that always exists and can only be set (settings). */
    boolean singleton() default false;

    /** Whether an object may have no name; it is then identified by its index (routes, policies, IDs). */
    boolean nameOptional() default false;
}
