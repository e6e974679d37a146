package io.portcullis.core.iface;

import io.portcullis.core.config.Configuration;
import io.portcullis.core.config.ObjectType;
import io.portcullis.core.config.Property;
import io.portcullis.core.config.Ref;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Names several interfaces that policies and access rules treat alike. */
@ObjectType(
        value = "InterfaceGroup",
        category = InterfaceGroup.CATEGORY,
        title = "Interface group",
        help = "Names several interfaces together, for policies and access rules.")
public record InterfaceGroup(
        @Property(help = "Name of the group.", required = true)
        String name,

        @Property(
                help = "Interfaces and groups of interfaces, with commas.",
                required = true,
                category = InterfaceGroup.CATEGORY)
        List<Ref> members,

        @Property(
                help = "Security/transport equivalent: connections go on when their packets move from one member to"
                        + " another, and policies are not asked again.",
                byDefault = "No")
        boolean equivalent,

        @Property(help = "Remark.") String comments) {
    /** Category of interfaces and their groups in commands. */
    static final String CATEGORY = "Interface";

    /** The names with groups taken apart, each once; names that are none of a group stay as they are. */
    public static Set<String> members(List<Ref> names, Configuration configuration) {
        Set<String> apart = new LinkedHashSet<>();
        collect(names, configuration, new LinkedHashSet<>(), apart);
        return apart;
    }

    private static void collect(List<Ref> names, Configuration configuration, Set<String> groups, Set<String> apart) {
        for (Ref name : names) {
            Optional<InterfaceGroup> group = of(name, configuration);
            if (group.isEmpty()) {
                apart.add(name.name());
            } else if (groups.add(name.name())) {
                collect(group.get().members(), configuration, groups, apart);
            }
        }
    }

    /** The group of this name, if it is one. */
    public static Optional<InterfaceGroup> of(Ref name, Configuration configuration) {
        return configuration.find(InterfaceGroup.class, name.name());
    }
}
