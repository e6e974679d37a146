package io.portcullis.core.trace;

/**
 * One thing that is found out about a packet, or decided.
 *
 * @param depth 0 for the packet that was asked about, one more for each packet around it
 * @param stage where on its way: {@code Route}, {@code Policy}
 * @param text what, with the name of the object that decides
 */
public record TraceStep(int depth, String stage, String text) {}
