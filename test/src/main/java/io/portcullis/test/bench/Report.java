package io.portcullis.test.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The table at the end, and the same as JSON. */
final class Report {
    private static final List<String> HEADINGS = List.of(
            "row", "quantity", "unit", "ours", "min", "max", "peer", "min", "max", "", "ratio", "target", "reached");

    private Report() {}

    /** A line for each quantity, medians first, columns aligned; then what was not measured and why. */
    static String table(List<Outcome> outcomes) {
        List<List<String>> lines = new ArrayList<>();
        lines.add(HEADINGS);
        StringBuilder notMeasured = new StringBuilder();
        for (Outcome outcome : outcomes) {
            switch (outcome) {
                case Outcome.Measured measured ->
                    measured.figures().forEach(figure -> lines.add(line(measured, figure)));
                case Outcome.NotMeasurable not ->
                    notMeasured.append("NOT MEASURED: " + not.row() + ": " + not.reason() + "\n");
                case Outcome.Failed failed ->
                    notMeasured.append("FAILED: " + failed.row() + ": " + failed.reason() + "\n");
            }
        }
        return aligned(lines) + notMeasured;
    }

    private static List<String> line(Outcome.Measured row, Outcome.Figure figure) {
        Series ours = figure.ours();
        Series peer = figure.peer();
        return List.of(
                row.row(),
                figure.quantity().title(),
                figure.quantity().unit(),
                number(ours.median()),
                number(ours.least()),
                number(ours.most()),
                number(peer.median()),
                number(peer.least()),
                number(peer.most()),
                row.peerName(),
                peer.isEmpty() ? "" : String.format(Locale.ROOT, "%.2f", figure.ratio()),
                figure.quantity().target().text(),
                figure.quantity().target().text().isEmpty() ? "" : figure.reached() ? "yes" : "NO");
    }

    /** Three significant digits and thousands apart, as far as that makes sense. */
    private static String number(double value) {
        if (Double.isNaN(value)) {
            return "";
        }
        double size = Math.abs(value);
        int decimals = size >= 100 || size == 0 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3;
        return String.format(Locale.ROOT, "%,." + decimals + "f", value);
    }

    private static String aligned(List<List<String>> lines) {
        StringBuilder text = new StringBuilder();
        for (List<String> line : lines) {
            StringBuilder row = new StringBuilder();
            for (int column = 0; column < line.size(); column++) {
                int at = column;
                int width = lines.stream()
                        .mapToInt(each -> each.get(at).length())
                        .max()
                        .orElse(0);
                boolean number = (column >= 3 && column <= 8) || column == 10;
                row.append((number ? "%" + Math.max(width, 1) + "s  " : "%-" + Math.max(width, 1) + "s  ")
                        .formatted(line.get(column)));
            }
            text.append(row.toString().stripTrailing()).append('\n');
        }
        return text.toString();
    }

    /** One JSON object; values in the order of the runs. */
    static String json(List<Outcome> outcomes, boolean quick, int runs) {
        ObjectMapper mapper = new ObjectMapper();
        ObjectNode document = mapper.createObjectNode().put("quick", quick).put("runs", runs);
        ArrayNode rows = document.putArray("rows");
        for (Outcome outcome : outcomes) {
            ObjectNode row = rows.addObject().put("row", outcome.row());
            switch (outcome) {
                case Outcome.Measured measured -> {
                    row.put("peer", measured.peerName());
                    ArrayNode figures = row.putArray("figures");
                    measured.figures().forEach(figure -> add(figures.addObject(), figure));
                }
                case Outcome.NotMeasurable not -> row.put("notMeasured", not.reason());
                case Outcome.Failed failed -> row.put("failed", failed.reason());
            }
        }
        try {
            return mapper.writerWithDefaultPrettyPrinter().writeValueAsString(document);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void add(ObjectNode node, Outcome.Figure figure) {
        node.put("quantity", figure.quantity().title())
                .put("unit", figure.quantity().unit());
        add(node.putObject("ours"), figure.ours());
        if (!figure.peer().isEmpty()) {
            add(node.putObject("peer"), figure.peer());
            node.put("ratio", figure.ratio());
        }
        node.put("target", figure.quantity().target().text()).put("reached", figure.reached());
    }

    private static void add(ObjectNode node, Series series) {
        node.put("median", series.median()).put("min", series.least()).put("max", series.most());
        ArrayNode runs = node.putArray("runs");
        series.values().forEach(runs::add);
    }
}
