/** The clock that is handed in wherever time is needed. */
@org.jspecify.annotations.NullMarked
package io.portcullis.core.time;
