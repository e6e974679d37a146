package io.portcullis.cli.firewall;

import io.portcullis.core.net.IpAddress;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Looks up the host names that the configuration names, with the machine's resolver. May block. */
final class HostNames {
    /** The addresses of each name; none for a name that can not be looked up. */
    Map<String, List<IpAddress>> resolve(Set<String> names) {
        Map<String, List<IpAddress>> found = new HashMap<>();
        for (String name : names) {
            try {
                found.put(
                        name,
                        Arrays.stream(InetAddress.getAllByName(name))
                                .map(address -> IpAddress.of(address.getAddress()))
                                .toList());
            } catch (UnknownHostException _) {
                found.put(name, List.of());
            }
        }
        return found;
    }
}
