package io.portcullis.core.neighbour;

import io.portcullis.core.config.Addresses;
import io.portcullis.core.config.Checked;
import io.portcullis.core.config.ConfigError;
import io.portcullis.core.config.Configuration;
import io.portcullis.core.config.Findings;
import io.portcullis.core.config.ObjectType;
import io.portcullis.core.config.Property;
import io.portcullis.core.config.Ref;
import io.portcullis.core.iface.AddressedInterface;
import io.portcullis.core.iface.EthernetConfiguration;
import io.portcullis.core.net.MacAddress;
import java.util.Optional;

/** A fixed neighbour or a published address, as configured. */
@ObjectType(
        value = "ARPND",
        title = "ARP/ND entry",
        help = "A neighbour whose station is known beforehand, or an address that the firewall answers for on a link.",
        ordered = true,
        nameOptional = true)
public record ArpNdEntry(
        @Property(help = "Name of the entry.") String name,

        @Property(
                help =
                        "Static: the neighbour with this address has this station, whatever anybody says. Publish: who asks"
                                + " for the address on the interface is answered. XPublish: the answer's Ethernet header names"
                                + " the published station too, as if it came from there.",
                byDefault = "Publish")
        Mode mode,

        @Property(
                help = "Ethernet interface or VLAN that it is about.",
                name = "Interface",
                required = true,
                category = "Interface")
        Ref iface,

        @Property(help = "The address; several may be published.", name = "IP", required = true)
        Addresses ip,

        @Property(
                help = "Station of the neighbour, or the one that is published and takes the packets, such as"
                        + " 02-00-5e-10-00-01. Empty or all zeros: the interface's own.",
                name = "MACAddress")
        String macAddress,

        @Property(help = "Remark.") String comments)
        implements Checked {
    /** What is said of the address. */
    public enum Mode {
        STATIC("Static"),
        PUBLISH("Publish"),
        X_PUBLISH("XPublish");

        private final String word;

        Mode(String word) {
            this.word = word;
        }

        @Override
        public String toString() {
            return word;
        }
    }

    /** @throws ConfigError naming the property when it is no station's address */
    public ArpNdEntry {
        // Clusters that balance load may have a group address as their station; frames never come from one.
        if (!macAddress.isEmpty()
                && MacAddress.parse(macAddress)
                        .filter(mac ->
                                !mac.equals(MacAddress.BROADCAST) && !(mode == Mode.X_PUBLISH && mac.isMulticast()))
                        .isEmpty()) {
            throw new ConfigError(
                    "MACAddress", "'" + macAddress + "' is not a station's address, such as 02-00-5e-10-00-01");
        }
    }

    @Override
    public void check(Configuration configuration, Findings.ForObject findings) {
        if (!AddressedInterface.hasNeighbours(configuration, iface.name())) {
            findings.error("Interface", iface.name() + " is neither an Ethernet interface nor a VLAN");
        }
        if (configuration.resolve(ip).isEmpty()) {
            findings.error("IP", ip + " stands for no address");
        }
        if (mode == Mode.STATIC) {
            if (EthernetConfiguration.single(configuration.resolve(ip)).isEmpty()) {
                findings.error("IP", ip + " is not one address");
            }
            if (station().isEmpty()) {
                findings.error("MACAddress", "a static entry needs the station");
            }
        }
    }

    /** The station that is said; empty for the interface's own. */
    Optional<MacAddress> station() {
        return MacAddress.parse(macAddress).filter(mac -> mac.bits() != 0);
    }
}
