/** When policies are in force: hours of weekdays, between dates. */
@org.jspecify.annotations.NullMarked
package io.portcullis.rules.schedule;
