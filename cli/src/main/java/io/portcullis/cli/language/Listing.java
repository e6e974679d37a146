package io.portcullis.cli.language;

import io.portcullis.cli.command.TextTable;
import io.portcullis.core.config.Change;
import io.portcullis.core.config.ConfigObject;
import io.portcullis.core.config.Configuration;
import io.portcullis.core.config.Finding;
import io.portcullis.core.config.Schema;
import io.portcullis.core.config.SchemaProperty;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** How objects and changes look in listings. */
final class Listing {
    private static final int WIDEST_CELL = 40;
    private static final int MOST_COLUMNS = 7;

    private final Configuration candidate;
    private final Map<Long, Character> marks = new HashMap<>();

    Listing(Configuration candidate, List<Change> changes) {
        this.candidate = candidate;
        for (Change change : changes) {
            change.after()
                    .ifPresent(object -> marks.put(object.id(), change.kind().mark()));
        }
        candidate.stored().stream()
                .filter(ConfigObject::disabled)
                .forEach(object -> marks.putIfAbsent(object.id(), Change.Kind.DISABLED.mark()));
    }

    /** Properties and values of one object. */
    String properties(Schema<?> schema, Record value) {
        int widest = "Property".length();
        for (SchemaProperty property : schema.properties()) {
            widest = Math.max(widest, property.name().length() + 1);
        }
        String format = "%" + widest + "s  %s\n";
        StringBuilder out = new StringBuilder();
        out.append(String.format(format, "Property", "Value"));
        out.append(String.format(format, "-".repeat(widest), "-".repeat(26)));
        for (SchemaProperty property : schema.properties()) {
            String text = property.print(value);
            out.append(String.format(format, property.name() + ":", text.isEmpty() ? "<empty>" : oneLine(text)));
        }
        return out.toString();
    }

    /** The objects of a type in a parent, one a line; empty when there are none. */
    <T extends Record> String table(Schema<T> schema, long parent) {
        List<SchemaProperty> columns = columns(schema);
        List<String> headings = new ArrayList<>();
        headings.add("");
        boolean numbered = schema.ordered() || schema.nameOptional();
        if (numbered) {
            headings.add("#");
        }
        columns.forEach(column -> headings.add(column.name()));
        TextTable table = new TextTable(headings.toArray(String[]::new));
        for (ConfigObject<T> object : candidate.stored(parent, schema)) {
            row(table, columns, object, numbered ? Integer.toString(candidate.indexOf(object)) : "", numbered);
        }
        if (parent == ConfigObject.TOP) {
            for (ConfigObject<T> object : candidate.objects(schema.recordClass())) {
                if (!object.stored()) {
                    row(table, columns, object, "-", numbered);
                }
            }
        }
        return table.rowCount() == 0 ? "" : table.toString();
    }

    private void row(
            TextTable table, List<SchemaProperty> columns, ConfigObject<?> object, String index, boolean numbered) {
        List<Object> cells = new ArrayList<>();
        cells.add(marks.getOrDefault(object.id(), ' '));
        if (numbered) {
            cells.add(index);
        }
        columns.forEach(column -> cells.add(cell(column.print(object.value()))));
        table.row(cells.toArray());
    }

    /** The name and what must be given say most; what has a default fills the line. */
    private static List<SchemaProperty> columns(Schema<?> schema) {
        List<SchemaProperty> columns = new ArrayList<>();
        schema.properties().stream().filter(SchemaProperty::isName).forEach(columns::add);
        schema.properties().stream()
                .filter(property -> property.required() && !property.isName())
                .forEach(columns::add);
        schema.properties().stream()
                .filter(property -> !property.required() && !property.isName())
                .forEach(columns::add);
        return columns.subList(0, Math.min(columns.size(), MOST_COLUMNS));
    }

    /** What the candidate changes. */
    static String changes(List<Change> changes) {
        if (changes.isEmpty()) {
            return "No changes.\n";
        }
        TextTable table = new TextTable("", "Object", "Property", "From", "To");
        for (Change change : changes) {
            String note = switch (change.kind()) {
                case MOVED -> "(moved)";
                case ENABLED -> "(enabled)";
                case DISABLED -> "(disabled)";
                case ADDED, DELETED, CHANGED -> "";
            };
            if (change.properties().isEmpty()) {
                table.row(change.kind().mark(), change.key(), note, "", "");
            }
            String object = change.key().toString();
            for (Change.PropertyChange property : change.properties()) {
                table.row(
                        change.kind().mark(), object, property.name(), cell(property.before()), cell(property.after()));
                object = "";
            }
        }
        return table.toString();
    }

    /** Errors with their mark, warnings without. */
    static String findings(List<Finding> findings) {
        StringBuilder out = new StringBuilder();
        for (Finding finding : findings) {
            out.append(finding.severity() == Finding.Severity.ERROR ? "! " : "  ")
                    .append(finding)
                    .append('\n');
        }
        return out.toString();
    }

    private static String cell(String text) {
        String line = oneLine(text);
        return line.length() <= WIDEST_CELL ? line : line.substring(0, WIDEST_CELL - 1) + "…";
    }

    private static String oneLine(String text) {
        return text.replace("\r", "").replace("\n", "\\n").replace("\t", "\\t");
    }
}
