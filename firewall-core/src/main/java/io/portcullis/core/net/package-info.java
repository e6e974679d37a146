/** Addresses, networks, ranges and sets of them, as values. */
@org.jspecify.annotations.NullMarked
package io.portcullis.core.net;
