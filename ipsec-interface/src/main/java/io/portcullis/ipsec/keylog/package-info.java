/** Keys of SAs for people who look at captures; off unless the administrator asks for it. */
@org.jspecify.annotations.NullMarked
package io.portcullis.ipsec.keylog;
