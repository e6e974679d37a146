package io.portcullis.cli.firewall;

import io.portcullis.core.address.AddressObjects;
import io.portcullis.core.address.Ip4Address;
import io.portcullis.core.address.Ip4Group;
import io.portcullis.core.address.Ip6Address;
import io.portcullis.core.address.Ip6Group;
import io.portcullis.core.config.Configuration;
import io.portcullis.core.config.ObjectTypes;
import io.portcullis.core.config.RemoteMgmtSettings;
import io.portcullis.core.connection.ConnectionTimeoutSettings;
import io.portcullis.core.connection.NatPool;
import io.portcullis.core.connection.StateSettings;
import io.portcullis.core.dhcp.DhcpSettings;
import io.portcullis.core.event.receiver.LogReceivers;
import io.portcullis.core.iface.EthernetConfiguration;
import io.portcullis.core.iface.InterfaceGroup;
import io.portcullis.core.iface.LoopbackConfiguration;
import io.portcullis.core.iface.VlanConfiguration;
import io.portcullis.core.neighbour.ArpNdEntry;
import io.portcullis.core.pipeline.DropLogSettings;
import io.portcullis.core.pipeline.FragSettings;
import io.portcullis.core.pipeline.IcmpSettings;
import io.portcullis.core.pipeline.IpSettings;
import io.portcullis.core.pipeline.TcpSettings;
import io.portcullis.core.pipeline.WorkerSettings;
import io.portcullis.core.routing.NamedRoutingTable;
import io.portcullis.core.routing.RoutingTables;
import io.portcullis.core.routing.StaticRoute;
import io.portcullis.hostmon.MonitoredHost;
import io.portcullis.hostmon.RouteFailOverSettings;
import io.portcullis.ipsec.tunnel.IpsecObjects;
import io.portcullis.rules.RulesObjects;
import java.util.ArrayList;
import java.util.List;

/** Every type of configuration object that there is, and what a new configuration begins with. */
public final class ObjectCatalogue {
    private ObjectCatalogue() {}

    /** All types, and the objects that exist by themselves and can not be changed. */
    public static ObjectTypes types() {
        List<Class<? extends Record>> types = new ArrayList<>(List.of(
                Ip4Address.class,
                Ip6Address.class,
                Ip4Group.class,
                Ip6Group.class,
                EthernetConfiguration.class,
                VlanConfiguration.class,
                LoopbackConfiguration.class,
                InterfaceGroup.class,
                ArpNdEntry.class,
                NatPool.class,
                NamedRoutingTable.class,
                StaticRoute.class,
                MonitoredHost.class,
                RouteFailOverSettings.class,
                DhcpSettings.class,
                RemoteMgmtSettings.class,
                IpSettings.class,
                TcpSettings.class,
                FragSettings.class,
                IcmpSettings.class,
                DropLogSettings.class,
                StateSettings.class,
                WorkerSettings.class,
                ConnectionTimeoutSettings.class));
        types.addAll(LogReceivers.types());
        types.addAll(RulesObjects.types());
        types.addAll(IpsecObjects.types());
        List<Record> predefined = new ArrayList<>(AddressObjects.predefined());
        predefined.addAll(RulesObjects.predefined());
        return ObjectTypes.of(types).withPredefined(predefined);
    }

    /** What a new firewall begins with: the routing table main and the proposal lists, which may be edited. */
    public static Configuration initial(ObjectTypes types) {
        List<Record> objects = new ArrayList<>();
        objects.add(new NamedRoutingTable(RoutingTables.MAIN, "The table that packets are routed by"));
        objects.addAll(IpsecObjects.initial(types));
        return Configuration.of(types, objects.toArray(Record[]::new));
    }
}
