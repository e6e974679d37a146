/** The DHCP client against servers that others wrote. */
@org.jspecify.annotations.NullMarked
package io.portcullis.test.dhcp;
