/** Looks on while IKE works, and hands what it sees to the snoop, the record of attempts and the key log. */
@org.jspecify.annotations.NullMarked
package io.portcullis.ipsec.watch;
