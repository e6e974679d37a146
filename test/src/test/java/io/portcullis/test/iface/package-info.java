/** Interfaces, as the hosts on their links see them. */
package io.portcullis.test.iface;
