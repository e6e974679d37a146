package io.portcullis.core.config;

import java.util.ArrayList;
import java.util.List;

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
        return new ForObject(object, this);
    }

    /**
     * Files findings under one object.
     *
     * @param object where they belong
     * @param findings where they are collected
     */
    public record ForObject(ObjectKey object, Findings findings) {
        /** Something that must be put right before the configuration can be activated. */
        public void error(String property, String sentence) {
            findings.add(new Finding(Finding.Severity.ERROR, object, property, sentence));
        }

        /** Something that the operator should know. */
        public void warning(String property, String sentence) {
            findings.add(new Finding(Finding.Severity.WARNING, object, property, sentence));
        }
    }
}
