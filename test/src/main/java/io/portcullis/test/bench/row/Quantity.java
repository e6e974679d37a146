package io.portcullis.test.bench.row;

/**
 * One figure of a row.
 *
 * @param title what it is, for the table
 * @param unit for the table
 * @param target what it should be
 */
public record Quantity(String title, String unit, Target target) {}
