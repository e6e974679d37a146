package io.portcullis.core.iface;

import io.portcullis.core.packet.EtherType;
import io.portcullis.core.packet.Ethernet;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The interfaces of a link by their tags: one here, and a branch for each tag that may follow. */
final class TagTree {
    private static final int VLANS = 4096;

    private @Nullable EthernetInterface here;
    private @Nullable TagTree @Nullable [] customer;
    private @Nullable TagTree @Nullable [] service;

    /** The interface of a checked frame, or null. A tag without an identifier only carries a priority. */
    @Nullable
    EthernetInterface find(MemorySegment b, int frame) {
        TagTree at = this;
        int type = Ethernet.tagType(b, frame, 0);
        for (int tag = 0; EtherType.isTag(type); tag++) {
            if (tag == Ethernet.MOST_TAGS) {
                return null;
            }
            int vlan = Ethernet.vlan(b, frame, tag);
            TagTree next = vlan == 0 ? at : at.branch(type, vlan);
            if (next == null) {
                return null;
            }
            at = next;
            type = Ethernet.tagType(b, frame, tag + 1);
        }
        return at.here;
    }

    private @Nullable TagTree branch(int type, int vlan) {
        @Nullable TagTree[] branches = type == EtherType.VLAN ? customer : service;
        return branches == null ? null : branches[vlan];
    }

    void put(EthernetInterface iface) {
        leaf(iface).here = iface;
    }

    /** Takes the interface out, unless another one has its place. */
    void remove(EthernetInterface iface) {
        TagTree leaf = leaf(iface);
        if (leaf.here == iface) {
            leaf.here = null;
        }
    }

    private TagTree leaf(EthernetInterface iface) {
        TagTree at = this;
        List<VlanTagging.Tag> tags = iface.tagging().tags();
        for (VlanTagging.Tag tag : tags) {
            at = at.grown(tag);
        }
        return at;
    }

    private TagTree grown(VlanTagging.Tag tag) {
        @Nullable TagTree[] branches = tag.type() == EtherType.VLAN ? customer : service;
        if (branches == null) {
            branches = new @Nullable TagTree[VLANS];
            if (tag.type() == EtherType.VLAN) {
                customer = branches;
            } else {
                service = branches;
            }
        }
        TagTree next = branches[tag.vlan()];
        if (next == null) {
            next = new TagTree();
            branches[tag.vlan()] = next;
        }
        return next;
    }
}
