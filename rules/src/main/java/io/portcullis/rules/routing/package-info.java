/** Policy-based routing. */
@org.jspecify.annotations.NullMarked
package io.portcullis.rules.routing;
