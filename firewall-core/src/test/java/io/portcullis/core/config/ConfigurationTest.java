package io.portcullis.core.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.core.config.Samples.Address;
import io.portcullis.core.config.Samples.Limits;
import io.portcullis.core.config.Samples.Policy;
import io.portcullis.core.config.Samples.Port;
import io.portcullis.core.config.Samples.SharedKey;
import io.portcullis.core.config.Samples.Table;
import io.portcullis.core.config.Samples.TableRoute;
import io.portcullis.core.config.Samples.Tunnel;
import io.portcullis.core.net.AddressSet;
import io.portcullis.core.net.IpNetwork;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConfigurationTest {
    private static final Port LAN = Samples.make(Port.class, "Name", "lan", "IP", "10.0.0.1", "Network", "10.0.0.0/24");
    private static final Configuration BASE = Configuration.of(Samples.TYPES, LAN, new Table("main"));

    private static Policy policy(String name) {
        return Samples.make(Policy.class, "Name", name, "SourceInterface", "lan");
    }

    @Test
    void derivedAndPredefinedObjectsAreFoundButNotStored() {
        assertEquals(
                "10.0.0.0/24",
                BASE.find(Address.class, "lan_net").orElseThrow().address().toString());
        assertTrue(BASE.find("address", "all-nets").isPresent());
        assertEquals(2, BASE.stored().size());
        assertEquals(
                AddressSet.of(IpNetwork.parse("10.0.0.0/24").orElseThrow()),
                BASE.resolve(new Addresses(List.of("lan_net", "10.0.0.7", "dns:host.example"))));
    }

    @Test
    void addressGroupsThatContainEachOtherAreRefused() {
        Configuration loop = BASE.add(0, new Address("a", new Addresses(List.of("b"))))
                .add(0, new Address("b", new Addresses(List.of("a"))));
        ConfigError error = assertThrows(ConfigError.class, () -> loop.resolve(new Addresses(List.of("a"))));
        assertEquals("address groups contain each other: a > b > a", error.getMessage());
    }

    @Test
    void childrenBelongToTheirParentAndGoWithIt() {
        TableRoute route = Samples.make(TableRoute.class, "Interface", "lan", "Network", "192.0.2.0/24");
        Configuration with = BASE.addTo(Table.class, "main", route);
        assertEquals(List.of(route), with.children(Table.class, "main", TableRoute.class));
        ConfigObject<TableRoute> stored = with.objects(TableRoute.class).getFirst();
        assertEquals("RoutingTable main/Route 1", with.key(stored).toString());
        assertEquals(stored, with.stored(with.key(stored)).orElseThrow());

        ConfigObject<Table> main = with.object(Table.class, "main").orElseThrow();
        assertEquals(List.of(), with.disable(main, true).all(TableRoute.class));
        assertEquals(1, with.delete(main).stored().size());
        assertThrows(ConfigError.class, () -> BASE.add(0, route));
    }

    @Test
    void orderedObjectsGoWhereTheyAreTold() {
        Configuration two = BASE.add(0, policy("a")).add(0, policy("b")).add(0, policy("first"), 1, false);
        assertEquals(
                List.of("first", "a", "b"),
                two.all(Policy.class).stream().map(Policy::name).toList());
        ConfigObject<Policy> first = two.objects(Policy.class).getFirst();
        assertEquals(
                List.of("a", "b", "first"),
                two.move(first, 3).all(Policy.class).stream().map(Policy::name).toList());
        assertThrows(ConfigError.class, () -> two.move(first, 4));
        assertThrows(ConfigError.class, () -> two.move(two.objects(Port.class).getFirst(), 1));
    }

    @Test
    void tunnelsCountTheirPlaceWithoutTheUnorderedInterfacesBeforeThem() {
        Configuration with = BASE.add(0, new SharedKey("k", java.util.Optional.empty(), List.of()))
                .add(0, tunnel("t1"))
                .add(0, tunnel("t0"), 1, false);
        assertEquals(
                List.of("t0", "t1"),
                with.all(Tunnel.class).stream().map(Tunnel::name).toList());
        assertEquals(2, with.indexOf(with.object(Tunnel.class, "t1").orElseThrow()));
    }

    @Test
    void namesAreUniqueWithinACategory() {
        assertThrows(ConfigError.class, () -> BASE.add(0, tunnel("lan")));
        ConfigError error = assertThrows(
                ConfigError.class, () -> BASE.add(0, new Address("all-nets", new Addresses(List.of("::/0")))));
        assertEquals("Name: IP4Address all-nets is predefined", error.getMessage());
    }

    @Test
    void settingsAreThereWithTheirDefaultsUntilTheyAreStored() {
        assertEquals(100, BASE.settings(Limits.class).tunnels());
        assertEquals(7, BASE.add(0, new Limits(7)).settings(Limits.class).tunnels());
        assertThrows(ConfigError.class, () -> BASE.add(0, new Limits(7)).add(0, new Limits(8)));
    }

    @Test
    void disabledObjectsAreStoredButNotInForce() {
        Configuration off = BASE.disable(BASE.objects(Port.class).getFirst(), true);
        assertFalse(off.find(Port.class, "lan").isPresent());
        assertFalse(off.find(Address.class, "lan_net").isPresent());
        assertEquals(2, off.stored().size());
    }

    @Test
    void aChangeLeavesTheOlderConfigurationAsItWas() {
        ConfigObject<Port> lan = BASE.objects(Port.class).getFirst();
        Configuration changed =
                BASE.set(lan, Samples.TYPES.of(Port.class).change(LAN, java.util.Map.of("mtu", "9000")));
        assertEquals(1500, BASE.all(Port.class).getFirst().mtu());
        assertEquals(9000, changed.all(Port.class).getFirst().mtu());
        assertEquals(lan.id(), changed.objects(Port.class).getFirst().id());
    }

    private static Tunnel tunnel(String name) {
        return Samples.make(
                Tunnel.class, "name", name, "LocalNetwork", "10.0.0.0/24", "RemoteNetwork", "10.1.0.0/24", "PSK", "k");
    }
}
