package io.portcullis.core.config;

import io.portcullis.core.net.IpAddress;
import io.portcullis.core.net.IpNetwork;
import io.portcullis.core.net.IpRange;
import java.util.Optional;
import java.util.regex.Pattern;

/** Tells literals from names in address expressions. */
final class AddressSyntax {
    static final String DNS = "dns:";

    private static final Pattern HOST =
            Pattern.compile("(?!-)[A-Za-z0-9_-]{1,63}(\\.[A-Za-z0-9_-]{1,63})*\\.?", Pattern.CASE_INSENSITIVE);
    /** Syntax of object names. */
    static final Pattern NAME = Pattern.compile("[\\p{L}\\p{N}_][\\p{L}\\p{N}_.+@-]{0,63}");

    private static final Pattern NUMERIC = Pattern.compile("[0-9.]+(-[0-9.]*)?");

    private AddressSyntax() {}

    /** Whether the part says by itself which addresses it means. */
    static boolean isLiteral(String part) {
        return isHost(part) || range(part).isPresent();
    }

    /** Whether the part is a {@code dns:host}. */
    static boolean isHost(String part) {
        if (!part.regionMatches(true, 0, DNS, 0, DNS.length())) {
            return false;
        }
        String host = part.substring(DNS.length());
        return host.length() <= 253 && HOST.matcher(host).matches();
    }

    /** Whether the part can only be the name of an object; what looks like a mistyped literal is not. */
    static boolean mayBeName(String part) {
        return NAME.matcher(part).matches() && !NUMERIC.matcher(part).matches();
    }

    /** The addresses of a literal other than {@code dns:host}. */
    static Optional<IpRange> range(String part) {
        Optional<IpNetwork> network = IpNetwork.parse(part);
        if (network.isPresent()) {
            return network.map(IpNetwork::range);
        }
        int dash = part.indexOf('-');
        if (dash < 0) {
            return Optional.empty();
        }
        Optional<IpAddress> first = IpAddress.parse(part.substring(0, dash).strip());
        Optional<IpAddress> last = IpAddress.parse(part.substring(dash + 1).strip());
        if (first.isEmpty()
                || last.isEmpty()
                || first.get().isV4() != last.get().isV4()
                || first.get().compareTo(last.get()) > 0) {
            return Optional.empty();
        }
        return Optional.of(new IpRange(first.get(), last.get()));
    }
}
