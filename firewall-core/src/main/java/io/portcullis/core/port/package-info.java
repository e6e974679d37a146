/** Where frames come from and go to: Linux devices, TUN devices and simulated wires behind one interface. */
@org.jspecify.annotations.NullMarked
package io.portcullis.core.port;
