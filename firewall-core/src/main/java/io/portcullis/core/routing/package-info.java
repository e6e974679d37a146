/** Routes, tables of them, and the longest match. */
@org.jspecify.annotations.NullMarked
package io.portcullis.core.routing;
