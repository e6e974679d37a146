package io.portcullis.core.config;

/** An object with constraints beyond its single properties; asked at each activation, while it is enabled. */
public interface Checked {
    /**
     * Reports what is wrong.
     *
     * @param configuration the candidate, references already checked
     * @param findings takes errors (refuse the activation) and warnings
     */
    void check(Configuration configuration, Findings.ForObject findings);
}
