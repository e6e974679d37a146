package io.portcullis.core.dhcp;

import java.util.Optional;

/**
 * How a client is.
 *
 * @param name of the interface
 * @param lease what it has, whether it is being asked for anew or not
 * @param secondsLeft until the lease ends, 0 without one
 * @param secondsToRenewal until its server is asked, 0 when that time has come
 */
public record DhcpView(String name, DhcpState state, Optional<Lease> lease, long secondsLeft, long secondsToRenewal) {}
