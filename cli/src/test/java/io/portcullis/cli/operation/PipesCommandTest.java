package io.portcullis.cli.operation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.core.net.IpAddress;
import io.portcullis.core.shaping.Grouping;
import io.portcullis.core.shaping.PipeDefinition;
import io.portcullis.core.shaping.PipeLimit;
import io.portcullis.core.shaping.PipeUser;
import io.portcullis.core.shaping.PipeView;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class PipesCommandTest {
    private static final PipeView IN = new PipeView(
            new PipeDefinition(
                    "std-in",
                    new PipeLimit(2000, 0),
                    limits(),
                    PipeLimit.NONE,
                    Collections.nCopies(8, PipeLimit.NONE),
                    Grouping.DESTINATION_IP,
                    0,
                    true,
                    0,
                    0,
                    2),
            rows(),
            17,
            3);
    private static final PipeView OUT = new PipeView(PipeDefinition.of("std-out", new PipeLimit(0, 50)), rows(), 0, 0);

    private final PipesCommand pipes = new PipesCommand(
            () -> List.of(IN, OUT),
            name -> name.equals("std-in")
                    ? Optional.of(List.of(new PipeUser(IpAddress.literal("192.168.1.7"), 0, 800, 90, 4)))
                    : Optional.empty());

    private static List<PipeLimit> limits() {
        List<PipeLimit> limits = new ArrayList<>(Collections.nCopies(8, PipeLimit.NONE));
        limits.set(2, new PipeLimit(500, 40));
        return limits;
    }

    private static List<PipeView.Precedence> rows() {
        List<PipeView.Precedence> rows = new ArrayList<>(Collections.nCopies(8, new PipeView.Precedence(0, 0, 0, 0)));
        rows.set(0, new PipeView.Precedence(1500, 140, 9000, 33));
        rows.set(2, new PipeView.Precedence(400, 30, 2000, 0));
        return rows;
    }

    @Test
    void allPipesWithWhatPasses() {
        String text = Typed.run(pipes, "pipes");
        assertEquals("Pipe Limit kbps Limit pps kbps pps Users Waiting Packets Dropped", Typed.line(text, "Pipe"));
        assertEquals("std-in 2000 - 1900 170 3 17 11000 33", Typed.line(text, "std-in"));
        assertEquals("std-out - 50 1900 170 - 0 11000 33", Typed.line(text, "std-out"));
        assertEquals(text, Typed.run(pipes, "pipes -show"));
    }

    @Test
    void onePipeByPrecedence() {
        String text = Typed.run(pipes, "pipes std-in");
        assertTrue(text.startsWith("Pipe std-in, 17 waiting, 3 users by DestinationIP:\n"), text);
        assertEquals("2 500 40 400 30 2000 0", Typed.line(text, " 500 "));
        assertEquals("0 - - 1500 140 9000 33", Typed.line(text, " 9000 "));
        assertEquals("Total 2000 - 1900 170 11000 33", Typed.line(text, "Total"));
    }

    @Test
    void usersOfAPipe() {
        assertEquals("192.168.1.7 800 90 4", Typed.line(Typed.run(pipes, "pipes std-in -users"), "192.168"));
        assertTrue(Typed.failure(pipes, "pipes -users").contains("needs the name of a pipe"));
        assertEquals("there is no pipe 'x'; pipes lists them", Typed.failure(pipes, "pipes x -users"));
        assertEquals("there is no pipe 'x'; pipes lists them", Typed.failure(pipes, "pipes x"));
    }
}
