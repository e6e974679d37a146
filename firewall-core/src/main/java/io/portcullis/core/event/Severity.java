package io.portcullis.core.event;

/** Severities in syslog's order (RFC 5424 section 6.2.1). */
public enum Severity {
    EMERGENCY,
    ALERT,
    CRITICAL,
    ERROR,
    WARNING,
    NOTICE,
    INFO,
    DEBUG
}
