/**
 * Ports on Linux devices by the foreign-function API: AF_PACKET or AF_XDP for devices, TUN for the firewall's own
 * traffic, poll(2)
 * for idle workers, rtnetlink for the TUN device's addresses and routes. No JNI, nothing to compile. Structures are
 * laid out by hand as the 64-bit kernel interface has them (packet(7), netdevice(7), rtnetlink(7), linux/virtio_net.h).
 */
@org.jspecify.annotations.NullMarked
package io.portcullis.core.port.linux;
