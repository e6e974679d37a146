package io.portcullis.hostmon;

/** Asks hosts whether they are there. */
@FunctionalInterface
public interface Prober {
    /** Makes ready to ask one host. */
    Probe open(HostCheck check, Answers answers);

    /** Hears that questions were answered: on any thread; does not block. */
    @FunctionalInterface
    interface Answers {
        /**
         * @param question its number
         * @param latency nanoseconds from the question to the answer
         */
        void answered(int question, long latency);
    }

    /** The questions to one host. */
    interface Probe extends AutoCloseable {
        /** Asks. One that can not be sent now counts as lost, as it would on its way. */
        void ask(int question);

        /** No answer to this question is waited for any more. */
        void over(int question);

        @Override
        void close();
    }
}
