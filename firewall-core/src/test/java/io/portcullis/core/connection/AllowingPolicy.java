package io.portcullis.core.connection;

import io.portcullis.core.pipeline.Policy;

/** A policy that allows, and counts, logs and translates nothing unless a test says otherwise. */
interface AllowingPolicy extends Policy {
    @Override
    default String name() {
        return "allowing";
    }

    @Override
    default Action action() {
        return Action.ALLOW;
    }

    @Override
    default boolean logs() {
        return false;
    }

    @Override
    default SourceTranslation sourceTranslation() {
        return SourceTranslation.NONE;
    }

    @Override
    default void hit(long now) {}
}
