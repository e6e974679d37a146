package io.portcullis.test.bench.row;

/**
 * Policies of which only the last matches, for us and for nftables: the others drop other sources, each its own
 * network and port.
 */
final class Policies {
    private static final int PORTS = 16;
    private static final int FIRST_PORT = 7000;

    private Policies() {}

    /** {@code count} policies in our language, the last allows everything from in to out. */
    static String ours(int count) {
        StringBuilder script = new StringBuilder();
        for (int i = 0; i < PORTS; i++) {
            script.append("add ServiceTCPUDP bench%d Type=UDP DestinationPorts=%d\n".formatted(i, FIRST_PORT + i));
        }
        for (int i = 0; i < count - 1; i++) {
            script.append(("add IPPolicy Name=deny%d SourceInterface=in SourceNetwork=%s DestinationInterface=out"
                            + " DestinationNetwork=10.2.0.0/24 Service=bench%d Action=Deny LogEnabled=No\n")
                    .formatted(i, network(i), i % PORTS));
        }
        return script + "add IPPolicy Name=last SourceInterface=in SourceNetwork=10.1.0.0/24 DestinationInterface=out"
                + " DestinationNetwork=10.2.0.0/24 Service=all_services Action=Allow LogEnabled=No\n";
    }

    /** The same for the kernel: established connections first, then rule by rule. */
    static String nftables(int count) {
        StringBuilder rules = new StringBuilder("""
                table ip bench {
                 chain forward {
                  type filter hook forward priority 0; policy drop;
                  ct state established,related accept
                """);
        for (int i = 0; i < count - 1; i++) {
            rules.append("  ip saddr %s udp dport %d drop\n".formatted(network(i), FIRST_PORT + i % PORTS));
        }
        return rules + """
                  iifname "in" oifname "out" accept
                 }
                }
                """;
    }

    private static String network(int index) {
        return "172.%d.%d.0/24".formatted(16 + index / 256, index % 256);
    }
}
