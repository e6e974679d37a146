package io.portcullis.ipsec.snoop;

import io.portcullis.core.net.IpAddress;
import java.util.Optional;

/**
 * What one listener wants to see.
 *
 * @param remote only negotiations with this peer
 * @param level how much of a message
 * @param match decisions too
 */
public record SnoopFilter(Optional<IpAddress> remote, SnoopLevel level, boolean match) {
    /** Everything, as {@code ike -snoop} without options shows it. */
    public static final SnoopFilter ALL = new SnoopFilter(Optional.empty(), SnoopLevel.VERBOSE, false);

    boolean admits(SnoopEntry entry) {
        boolean wanted = switch (entry) {
            case SnoopEntry.Seen _ -> true;
            case SnoopEntry.Decided _ -> match;
        };
        return wanted && remote.map(entry.remote().address()::equals).orElse(true);
    }
}
