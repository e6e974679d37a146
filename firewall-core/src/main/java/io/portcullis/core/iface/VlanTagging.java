package io.portcullis.core.iface;

import io.portcullis.core.packet.EtherType;
import io.portcullis.core.packet.Ethernet;
import io.portcullis.core.packet.Octets;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The tags of an interface's frames.
 *
 * @param tags outermost first, {@link Ethernet#MOST_TAGS} at most; none for untagged frames
 * @param priority priority code point 0..7 of what it sends, in each tag
 * @param fromDsField whether IP packets have the upper three bits of their DS field as priority instead (RFC 2474
 *     section 4.2.2)
 */
public record VlanTagging(List<Tag> tags, int priority, boolean fromDsField) {
    /** Untagged frames. */
    public static final VlanTagging NONE = new VlanTagging(List.of(), 0, false);

    /**
     * One tag.
     *
     * @param type what announces it, {@link EtherType#VLAN} or {@link EtherType#SERVICE_VLAN}
     * @param vlan identifier, 1..4094
     */
    public record Tag(int type, int vlan) {}

    /** @throws IllegalArgumentException for more tags than a frame may have */
    public VlanTagging {
        tags = List.copyOf(tags);
        if (tags.size() > Ethernet.MOST_TAGS) {
            throw new IllegalArgumentException(tags.size() + " tags");
        }
    }

    /** One 802.1Q tag. */
    public static VlanTagging of(int vlan) {
        return new VlanTagging(List.of(new Tag(EtherType.VLAN, vlan)), 0, false);
    }

    /** Whether frames have tags at all. */
    public boolean isTagged() {
        return !tags.isEmpty();
    }

    /** Octets that the tags add to a frame. */
    int octets() {
        return Ethernet.TAG * tags.size();
    }

    /**
     * Octets by which an IP packet must be shorter than the device's MTU: the one 802.1Q tag in front costs nothing.
     */
    int mtuCost() {
        return isTagged() && tags.getFirst().type() == EtherType.VLAN ? octets() - Ethernet.TAG : octets();
    }

    /**
     * Writes a whole header.
     *
     * @param payload where the packet is that the frame carries
     */
    public void write(MemorySegment b, int at, long destination, long source, int etherType, int payload) {
        int code = fromDsField ? priorityOf(b, payload, etherType) : priority;
        Ethernet.write(b, at, destination, source, etherType);
        for (int i = 0; i < tags.size(); i++) {
            Tag tag = tags.get(i);
            int next = i + 1 < tags.size() ? tags.get(i + 1).type() : etherType;
            Ethernet.writeTag(b, at, i, tag.type(), code, tag.vlan(), next);
        }
    }

    private int priorityOf(MemorySegment b, int payload, int etherType) {
        return switch (etherType) {
            case EtherType.IPV4 -> Octets.u8(b, payload + 1) >>> 5;
            case EtherType.IPV6 -> Octets.u16(b, payload) >>> 9 & 7;
            default -> priority;
        };
    }

    /** The identifiers, outermost first, with dots between them. */
    @Override
    public String toString() {
        return tags.stream().map(tag -> String.valueOf(tag.vlan())).collect(Collectors.joining("."));
    }
}
