package io.portcullis.core.event;

/** Severities in syslog's order (RFC 5424 section 6.2.1). */
public enum Severity {
    EMERGENCY("Emergency"),
    ALERT("Alert"),
    CRITICAL("Critical"),
    ERROR("Error"),
    WARNING("Warning"),
    NOTICE("Notice"),
    INFO("Info"),
    DEBUG("Debug");

    private final String word;

    Severity(String word) {
        this.word = word;
    }

    @Override
    public String toString() {
        return word;
    }
}
