package io.portcullis.core.connection;

/** A policy that allows and counts nothing. */
record TestPolicy(String name, boolean logs, SourceTranslation sourceTranslation) implements AllowingPolicy {
    static final TestPolicy PLAIN = new TestPolicy("plain", false, SourceTranslation.NONE);
    static final TestPolicy NAT = new TestPolicy("nat", false, SourceTranslation.NAT);
    static final TestPolicy AUTO = new TestPolicy("auto", false, SourceTranslation.AUTO);
}
