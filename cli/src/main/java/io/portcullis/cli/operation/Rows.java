package io.portcullis.cli.operation;

import io.portcullis.cli.command.CommandFailure;
import io.portcullis.cli.command.Invocation;
import java.util.List;

/**
 * As much of a listing as is printed.
 *
 * @param shown what {@code -num} lets through
 * @param left how many it does not
 */
record Rows<T>(List<T> shown, int left) {
    static <T> Rows<T> of(Invocation call, List<T> all) throws CommandFailure {
        int rows = Math.min(call.rows(), all.size());
        return new Rows<>(List.copyOf(all.subList(0, rows)), all.size() - rows);
    }

    /** The line under a listing that was cut short; empty when it was not. */
    String more() {
        return left == 0 ? "" : "(" + left + " more: -num=all shows all)\n";
    }
}
