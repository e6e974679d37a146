package io.portcullis.core.config;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Collects everything that a check finds, so that the operator sees all of it at once. */
public final class Findings {
    private final List<Finding> found = new ArrayList<>();

    public void add(Finding finding) {
        found.add(finding);
    }

    /** All findings in the order of discovery. */
    public List<Finding> all() {
        return List.copyOf(found);
    }

    public boolean hasErrors() {
        return found.stream().anyMatch(finding -> finding.severity() == Finding.Severity.ERROR);
    }

    /** The collector that files under this object. */
    public ForObject of(ObjectKey object) {
        return new ForObject(() -> object, this);
    }

    /**
     * The collector that files under this object of a configuration. Its key is made when there is something to file.
     */
    public ForObject of(Configuration configuration, ConfigObject<?> object) {
        return new ForObject(() -> configuration.key(object), this);
    }

    /** Files findings under one object. */
    public static final class ForObject {
        private final Supplier<ObjectKey> object;
        private final Findings findings;

        private ForObject(Supplier<ObjectKey> object, Findings findings) {
            this.object = object;
            this.findings = findings;
        }

        /** Something that must be put right before the configuration can be activated. */
        public void error(String property, String sentence) {
            findings.add(new Finding(Finding.Severity.ERROR, object.get(), property, sentence));
        }

        /** Something that the operator should know. */
        public void warning(String property, String sentence) {
            findings.add(new Finding(Finding.Severity.WARNING, object.get(), property, sentence));
        }
    }
}
