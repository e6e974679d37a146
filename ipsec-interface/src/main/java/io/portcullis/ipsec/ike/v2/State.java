package io.portcullis.ipsec.ike.v2;

/** Where in its life an IKE SA is. {@link IkeSa#become} is the only way from one to the next. Times in nanoseconds. */
sealed interface State {
    /** IKE_SA_INIT and IKE_AUTH; as responder until a deadline. */
    record Opening(long deadline) implements State {}

    /** Both peers are authenticated. */
    record Established(long since) implements State {}

    /** A successor has taken over; this one waits to be deleted, and does it itself after the deadline. */
    record Replaced(long deadline) implements State {}

    /** Our request to delete it is queued or on its way. */
    record Closing() implements State {}

    /** Gone, but for repeating the last answer until it is forgotten. */
    record Closed(String reason, long forgetAt) implements State {}
}
