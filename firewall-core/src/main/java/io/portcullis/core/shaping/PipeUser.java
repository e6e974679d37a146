package io.portcullis.core.shaping;

import io.portcullis.core.net.IpAddress;

/**
 * A user of a pipe at a moment.
 *
 * @param address of the user, the first one of its network where users are networks
 * @param port where users are ports, else 0
 * @param kbps thousands of bits in the last whole second
 * @param pps packets in the last whole second
 * @param waiting packets that wait
 */
public record PipeUser(IpAddress address, int port, long kbps, long pps, int waiting) {}
