/** TCP connections of the firewall's own. */
@org.jspecify.annotations.NullMarked
package io.portcullis.core.tcp;
