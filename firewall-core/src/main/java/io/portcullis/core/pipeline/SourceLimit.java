package io.portcullis.core.pipeline;

/**
 * How many connections each source may have open at once by a policy. A source is an IPv4 address or an IPv6 network of
 * 64 bits, which one host can fill with addresses.
 *
 * @param policy number that stays the policy's when the configuration changes
 * @param connections at least 1
 */
public record SourceLimit(long policy, int connections) {}
