package io.portcullis.core.config;

/** Makes a configuration run; the composition root implements it over the compilers and the running subsystems. */
public interface Activator {
    /**
     * Compiles a configuration without touching what runs.
     *
     * @param active what runs now
     * @param next checked: references resolve and constraints hold
     * @param findings takes what the compilers find; errors refuse the activation
     * @return the compiled configuration, of use only if there are no errors
     */
    Prepared prepare(Configuration active, Configuration next, Findings findings);

    /** A compiled configuration that has not been put in force. */
    interface Prepared {
        /** What {@link #apply} will do. */
        Plan plan();

        /**
         * Puts it in force as a whole.
         *
         * @throws ConfigError when that fails; what ran before then still runs
         */
        void apply();
    }
}
