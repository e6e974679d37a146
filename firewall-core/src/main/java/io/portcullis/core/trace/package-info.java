/** What the running firewall would do with a packet, found out without sending it. */
@org.jspecify.annotations.NullMarked
package io.portcullis.core.trace;
