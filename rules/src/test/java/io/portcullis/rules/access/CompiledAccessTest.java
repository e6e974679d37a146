package io.portcullis.rules.access;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.portcullis.core.net.IpAddress;
import io.portcullis.core.packet.Packet;
import io.portcullis.core.pipeline.AccessControl;
import io.portcullis.rules.Site;
import java.lang.foreign.Arena;
import org.junit.jupiter.api.Test;

class CompiledAccessTest {
    private final Site site = new Site();
    private final Packet packet = new Packet(Arena.ofAuto().allocate(Packet.CAPACITY));

    private void add(String name, String iface, String network, String action) {
        site.add("Access", "Name", name, "Interface", iface, "Network", network, "Action", action);
    }

    private String check(String source, String in) {
        IpAddress address = IpAddress.literal(source);
        packet.addresses(address.high(), address.low(), 0, 0);
        AccessControl.Verdict verdict = CompiledAccess.compile(site.configuration, site::resolve, site.findings)
                .check(packet, site.iface(in));
        return verdict == null ? "reverse route" : verdict.rule() + (verdict.accept() ? " accepts" : " drops");
    }

    @Test
    void theFirstRuleThatMatchesDecides() {
        add("bad", "wan,lan", "10.6.6.0/24", "Drop");
        add("inside", "lan", "10.0.0.0/8", "Expect");
        add("odd", "any", "172.16.0.0/12", "Accept");
        assertEquals("bad drops", check("10.6.6.6", "wan"));
        assertEquals("inside drops", check("10.6.6.6", "dmz"));
        assertEquals("inside accepts", check("10.1.1.1", "lan"));
        assertEquals("inside drops", check("10.1.1.1", "wan"));
        assertEquals("odd accepts", check("172.16.1.1", "wan"));
        assertEquals("reverse route", check("192.0.2.1", "wan"));
        assertEquals("reverse route", check("2001:db8::1", "wan"));
        assertEquals(0, site.found().size());
    }

    @Test
    void withoutRulesTheReverseRouteDecides() {
        assertEquals("reverse route", check("10.1.1.1", "lan"));
    }

    @Test
    void anInterfaceThatIsNoneIsFound() {
        add("a", "nowhere", "all-nets", "Drop");
        check("10.1.1.1", "lan");
        assertEquals(
                "Error: Access a, Interface: nowhere is not an interface; interfaces, any and core are allowed",
                site.found().getFirst());
    }
}
