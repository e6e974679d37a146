/** Libraries for encryption that are not what their name says. */
@org.jspecify.annotations.NullMarked
package io.portcullis.test.crypto;
