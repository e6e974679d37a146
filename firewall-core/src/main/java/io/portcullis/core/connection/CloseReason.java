package io.portcullis.core.connection;

/** Why a connection ended; the label is the log's word. */
public enum CloseReason {
    IDLE("idle_timeout"),
    FINISHED("finished"),
    RESET("reset"),
    REPLACED("replaced"),
    REOPENED("reopened"),
    POLICY("policy_changed"),
    ROUTE("route_changed"),
    INTERFACE("interface_removed"),
    OPERATOR("closed_by_operator"),
    ADDRESS("address_changed");

    private final String label;

    CloseReason(String label) {
        this.label = label;
    }

    public String label() {
        return label;
    }
}
