/** What happened, for people and log receivers: one catalogue of types, one sink. */
@org.jspecify.annotations.NullMarked
package io.portcullis.core.event;
