package io.portcullis.test.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.portcullis.test.bench.row.Quantity;
import io.portcullis.test.bench.row.Target;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Medians, ratios and verdicts as printed. */
class ReportTest {
    private static final Outcome.Figure SLOWER = new Outcome.Figure(
            new Quantity("packets", "Mpps", new Target.TimesPeer(0.8)),
            new Series(List.of(3.0, 1.0, 1.5)),
            new Series(List.of(4.0, 2.0)));
    private static final List<Outcome> OUTCOMES = List.of(
            new Outcome.Measured("forward", "kernel", List.of(SLOWER)),
            new Outcome.NotMeasurable("tunnel", "not installed: swanctl"),
            new Outcome.Failed("start", "no ping"));

    @Test
    void theTableHasMedianLeastAndMostAndTheVerdict() {
        List<String> lines = Report.table(OUTCOMES).lines().toList();
        assertEquals(
                List.of(
                        "forward", "packets", "Mpps", "1.50", "1.00", "3.00", "3.00", "2.00", "4.00", "kernel", "0.50",
                        ">=", "0.8x", "NO"),
                List.of(lines.get(1).split(" +", -1)));
        assertEquals("NOT MEASURED: tunnel: not installed: swanctl", lines.get(2));
        assertEquals("FAILED: start: no ping", lines.get(3));
    }

    @Test
    void theDocumentHasEveryRunAndTheSameVerdict() throws Exception {
        JsonNode document = new ObjectMapper().readTree(Report.json(OUTCOMES, true, 3));
        JsonNode figure = document.at("/rows/0/figures/0");
        assertEquals(3, figure.at("/ours/runs").size());
        assertEquals(0.5, figure.get("ratio").doubleValue());
        assertFalse(figure.get("reached").booleanValue());
        assertEquals(
                "not installed: swanctl", document.at("/rows/1/notMeasured").textValue());
    }

    @Test
    void eachKindOfTargetJudgesInItsDirection() {
        assertTrue(new Target.TimesPeer(2).reached(4, 2));
        assertFalse(new Target.TimesPeer(2).reached(3.9, 2));
        assertTrue(new Target.AtMostTimesPeer(1).reached(2, 2));
        assertFalse(new Target.AtMostTimesPeer(1).reached(2.1, 2));
        assertTrue(new Target.AtLeast(0.35).reached(0.35, Double.NaN));
        assertFalse(new Target.AtLeast(0.35).reached(0.34, Double.NaN));
        assertTrue(new Target.AtMost(1).reached(0.9, Double.NaN));
        assertFalse(new Target.AtMost(1).reached(1.1, Double.NaN));
        assertTrue(new Target.AtMostAbovePeer(50).reached(120, 70));
        assertFalse(new Target.AtMostAbovePeer(50).reached(121, 70));
        assertFalse(new Target.TimesPeer(1).reached(1, Double.NaN), "a peer that was not measured is not beaten");
    }
}
