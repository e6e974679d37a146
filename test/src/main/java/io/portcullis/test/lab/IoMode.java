package io.portcullis.test.lab;

import java.util.Locale;

/**
 * How firewalls of the laboratory exchange frames, so that its tests can be run again in every way: the system property
 * {@code portcullis.io}. Without it the firewall chooses.
 */
public enum IoMode {
    AUTO("", true, false),
    /** Devices with offloads: super-packets come and go. */
    SUPERPACKETS(" IOMethod=SuperPackets", true, true),
    /** The same calls, but every frame by itself. */
    MESSAGES(" IOMethod=SuperPackets", false, false),
    RING(" IOMethod=Ring", true, false),
    XDP(" IOMethod=XDP", true, false);

    private final String property;
    private final boolean allowsOffload;
    private final boolean wantsOffload;

    IoMode(String property, boolean allowsOffload, boolean wantsOffload) {
        this.property = property;
        this.allowsOffload = allowsOffload;
        this.wantsOffload = wantsOffload;
    }

    /** @throws IllegalArgumentException when the system property names none of them */
    public static IoMode current() {
        return valueOf(System.getProperty("portcullis.io", "auto").toUpperCase(Locale.ROOT));
    }

    /** What stands at the end of an {@code add Interface Ethernet …}. */
    public String property() {
        return property;
    }

    /** Whether devices shall have offloads, where a test {@code asked} for them or not. */
    public boolean offload(boolean asked) {
        return wantsOffload || (asked && allowsOffload);
    }
}
