package io.portcullis.core.address;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.portcullis.core.config.Addresses;
import io.portcullis.core.config.Checked;
import io.portcullis.core.config.Configuration;
import io.portcullis.core.config.Findings;
import io.portcullis.core.config.ObjectTypes;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AddressGroupTest {
    private static final ObjectTypes TYPES =
            ObjectTypes.of(List.of(Ip4Address.class, Ip6Address.class, Ip4Group.class, Ip6Group.class));

    private Configuration configuration = Configuration.empty(TYPES);

    private void group(String type, String name, String members, String excluded) {
        configuration = configuration.add(
                0,
                TYPES.find(type).orElseThrow().parse(Map.of("Name", name, "Members", members, "Excluded", excluded)));
    }

    private String resolve(String expression) {
        return configuration
                .resolve(new Addresses(List.of(expression.split(","))))
                .toString();
    }

    @Test
    void whatIsExcludedIsNotInTheGroup() {
        group("IP4Group", "hosts", "192.168.1.0/24,10.0.0.1", "192.168.1.0-192.168.1.9,192.168.1.255");
        assertEquals("10.0.0.1,192.168.1.10-192.168.1.254", resolve("hosts"));
        group("IP6Group", "six", "2001:db8::/127", "2001:db8::1");
        assertEquals("2001:db8::", resolve("six"));
    }

    @Test
    void anExclusionIsTheGroupsOwn() {
        group("IP4Group", "inner", "192.168.1.0/24", "192.168.1.0/25");
        group("IP4Group", "outer", "inner,192.168.1.5", "192.168.1.255");
        assertEquals("192.168.1.5,192.168.1.128-192.168.1.254", resolve("outer"), "the outer group names 192.168.1.5");
        assertEquals("192.168.1.0/24", resolve("inner,192.168.1.0/25"), "so does the expression");
    }

    @Test
    void anExclusionOfTheOtherFamilyIsRefused() {
        group("IP4Group", "hosts", "192.168.1.0/24", "2001:db8::1");
        Findings findings = new Findings();
        configuration
                .inForce()
                .forEach(object ->
                        ((Checked) object.value()).check(configuration, findings.of(configuration.key(object))));
        assertEquals(
                "[Error: IP4Group hosts, Excluded: 2001:db8::1 is not IPv4: use IP6Address for it]",
                findings.all().toString());
    }
}
