/** Where log events go besides the memory log: syslog servers and files, and which events each of them gets. */
@org.jspecify.annotations.NullMarked
package io.portcullis.core.event.receiver;
