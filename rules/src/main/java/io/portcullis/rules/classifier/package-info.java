/** Which rule of an ordered list is the first that matches a packet: compiled once, looked up for each connection. */
@org.jspecify.annotations.NullMarked
package io.portcullis.rules.classifier;
