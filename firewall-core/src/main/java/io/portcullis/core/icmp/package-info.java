/** What the firewall itself says by ICMP: errors about packets that died, answers to echo, and echo of its own. */
@org.jspecify.annotations.NullMarked
package io.portcullis.core.icmp;
