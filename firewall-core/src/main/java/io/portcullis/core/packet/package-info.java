/**
 * Packets in place: the buffer, the names of its bytes, and why a packet may die. One protocol, one file, in one
 * order: offsets, check, accessors. Accessors are static over the buffer; nothing is made per packet.
 */
@org.jspecify.annotations.NullMarked
package io.portcullis.core.packet;
