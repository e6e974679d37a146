package io.portcullis.rules.service;

import java.util.List;

/** A service object that says by itself what it lets through; groups only point to such. */
public sealed interface Service permits ServiceTcpUdp, ServiceIcmp, ServiceIcmpv6, ServiceIpProto {
    /** Category of all services in commands. */
    String CATEGORY = "Service";

    String name();

    /** What it lets through: any of these. */
    List<ServiceTerm> terms();
}
