package io.portcullis.rules.service;

import io.portcullis.core.config.ConfigObject;
import io.portcullis.core.config.Configuration;
import io.portcullis.core.config.Findings;
import io.portcullis.core.config.Ref;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Looks services up by name and takes groups apart. */
public final class ServiceResolution {
    private final Configuration configuration;

    public ServiceResolution(Configuration configuration) {
        this.configuration = configuration;
    }

    /** What these services let through together; a name that is none becomes an error of the property. */
    public ServiceTerm[] resolve(List<Ref> services, String property, Findings.ForObject findings) {
        List<ServiceTerm> terms = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        services.forEach(service -> collect(service.name(), property, seen, terms, findings));
        return terms.stream().distinct().toArray(ServiceTerm[]::new);
    }

    private void collect(
            String name, String property, Set<String> seen, List<ServiceTerm> terms, Findings.ForObject findings) {
        if (!seen.add(name)) {
            // Named twice, or groups that contain each other: what it lets through is in already.
            return;
        }
        Optional<Record> found = configuration.find(Service.CATEGORY, name).map(ConfigObject::value);
        if (found.isPresent() && found.get() instanceof Service service) {
            terms.addAll(service.terms());
        } else if (found.isPresent() && found.get() instanceof ServiceGroup group) {
            group.members().forEach(member -> collect(member.name(), property, seen, terms, findings));
        } else {
            findings.error(property, name + " is not a service; a service or a group of services is allowed");
        }
    }
}
