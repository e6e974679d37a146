package io.portcullis.core.connection;

import io.portcullis.core.pipeline.Policy;

/** A policy that allows and counts nothing. */
record TestPolicy(String name, boolean logs, SourceTranslation sourceTranslation) implements Policy {
    static final TestPolicy PLAIN = new TestPolicy("plain", false, SourceTranslation.NONE);
    static final TestPolicy NAT = new TestPolicy("nat", false, SourceTranslation.NAT);
    static final TestPolicy AUTO = new TestPolicy("auto", false, SourceTranslation.AUTO);

    @Override
    public Action action() {
        return Action.ALLOW;
    }

    @Override
    public void hit(long now) {}
}
