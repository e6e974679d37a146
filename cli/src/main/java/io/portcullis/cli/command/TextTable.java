package io.portcullis.cli.command;

import java.util.ArrayList;
import java.util.List;

/** Columns of text as the reference prints them: a heading, dashes under it, rows. */
public final class TextTable {
    private final List<List<String>> rows = new ArrayList<>();

    public TextTable(String... headings) {
        rows.add(List.of(headings));
    }

    /** Adds a row with one cell for each heading. */
    public TextTable row(Object... cells) {
        List<String> texts = new ArrayList<>();
        for (Object cell : cells) {
            texts.add(String.valueOf(cell));
        }
        if (texts.size() != rows.getFirst().size()) {
            throw new IllegalArgumentException(texts + " does not fit " + rows.getFirst());
        }
        rows.add(texts);
        return this;
    }

    public int rowCount() {
        return rows.size() - 1;
    }

    @Override
    public String toString() {
        List<List<String>> all = new ArrayList<>(rows);
        int[] widths = widths(rows);
        List<String> dashes = new ArrayList<>();
        for (int width : widths) {
            dashes.add("-".repeat(width));
        }
        all.add(1, dashes);
        return plain(all);
    }

    /** Rows in aligned columns, two blanks apart, without a heading. */
    public static String plain(List<List<String>> rows) {
        int[] widths = widths(rows);
        StringBuilder text = new StringBuilder();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < row.size(); i++) {
                line.append(row.get(i));
                line.append(" ".repeat(widths[i] - row.get(i).length() + 2));
            }
            text.append(line.toString().stripTrailing()).append('\n');
        }
        return text.toString();
    }

    private static int[] widths(List<List<String>> rows) {
        int[] widths = new int[rows.stream().mapToInt(List::size).max().orElse(0)];
        for (List<String> row : rows) {
            for (int i = 0; i < row.size(); i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        return widths;
    }
}
