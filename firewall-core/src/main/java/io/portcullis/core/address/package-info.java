/** The address book: objects that name addresses, and the names that exist by themselves. */
@org.jspecify.annotations.NullMarked
package io.portcullis.core.address;
