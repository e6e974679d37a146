package io.portcullis.core.slaac;

import io.portcullis.core.net.AddressSet;

/**
 * What is to be learned of routers on one interface.
 *
 * @param name of the interface
 * @param device of the interface: what was learned belongs to the link behind it
 * @param mtu that the interface has, octets: routers may ask for less
 * @param others networks of the other interfaces, which no router here may bring
 */
public record SlaacDefinition(String name, String device, int mtu, AddressSet others) {}
