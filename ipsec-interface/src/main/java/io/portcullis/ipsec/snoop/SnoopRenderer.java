package io.portcullis.ipsec.snoop;

import io.portcullis.ipsec.ike.iana.ExchangeType;
import io.portcullis.ipsec.ike.wire.Header;
import io.portcullis.ipsec.ike.wire.Message;
import io.portcullis.ipsec.ike.wire.Payload;
import java.util.ArrayList;
import java.util.List;

/** A snoop entry as text. A pure function: the same entry is the same text. */
public final class SnoopRenderer {
    private SnoopRenderer() {}

    /** The text of an entry, without a time, each line ended. */
    public static String render(SnoopEntry entry, SnoopLevel level) {
        return switch (entry) {
            case SnoopEntry.Decided decided ->
                "IkeSnoop: " + decided.remote() + " match " + decided.decision().line() + "\n";
            case SnoopEntry.Seen seen ->
                switch (level) {
                    case BRIEF -> first(seen) + " " + seen.message().summary() + "\n";
                    case VERBOSE -> verbose(seen);
                };
        };
    }

    private static String first(SnoopEntry.Seen seen) {
        return "IkeSnoop: " + seen.local() + (seen.outbound() ? " -> " : " <- ") + seen.remote();
    }

    private static String verbose(SnoopEntry.Seen seen) {
        Message message = seen.message();
        Header header = message.header();
        Listing out = new Listing();
        out.title(first(seen));
        out.within(() -> {
            out.field("ISAKMP Version", header.majorVersion() + "." + header.minorVersion());
            out.field("Exchange type", ExchangeType.nameOf(header.exchangeType()));
            out.field("Initiator cookie", "0x%016x".formatted(header.initiatorSpi()));
            out.field("Responder cookie", "0x%016x".formatted(header.responderSpi()));
            out.field("Flags", flags(message));
            out.field("Message ID", "0x%08x".formatted(header.messageId()));
            if (seen.octets() > 0) {
                out.field("Length", seen.octets() + " bytes");
            }
            out.field("# payloads", message.payloads().size());
            out.title("Payloads:");
            out.within(() -> {
                for (Payload payload : message.payloads()) {
                    PayloadListing.list(payload, out);
                }
            });
        });
        return out.toString();
    }

    private static String flags(Message message) {
        List<String> flags = new ArrayList<>();
        if (message.opened() || message.sealed().isPresent()) {
            flags.add("E (encryption)");
        }
        if (message.header().initiator()) {
            flags.add("I (initiator)");
        }
        if (message.header().response()) {
            flags.add("R (response)");
        }
        if (message.header().higherVersion()) {
            flags.add("V (higher version)");
        }
        return String.join(", ", flags);
    }
}
