package io.portcullis.core.event;

import java.util.List;

/**
 * One row of the event catalogue. Ids are the reference's where it has the event: eight digits, the first three the
 * category (cos-facts section 9).
 *
 * @param category upper-case word at the start of the log line, such as {@code IPSEC}
 * @param id number of the event, unique; printed with eight digits
 * @param severity how loud
 * @param name lower-case words with underscores
 * @param parameters keys that the event carries, in order
 * @param help what it means and what to do, one or two sentences
 */
public record EventType(
        String category, int id, Severity severity, String name, List<String> parameters, String help) {}
