package io.portcullis.rules.service;

import io.portcullis.core.config.ConfigObject;
import io.portcullis.core.config.Configuration;
import io.portcullis.core.config.Findings;
import io.portcullis.core.config.Ref;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Looks services up by name and takes groups apart. */
public final class ServiceResolution {
    private final Configuration configuration;
    private final Map<List<Ref>, ServiceTerm[]> complete = new HashMap<>();

    public ServiceResolution(Configuration configuration) {
        this.configuration = configuration;
    }

    /**
     * What these services let through together, shared by all that name the same; a name that is none becomes an error
     * of the property.
     */
    public ServiceTerm[] resolve(List<Ref> services, String property, Findings.ForObject findings) {
        ServiceTerm[] known = complete.get(services);
        if (known != null) {
            return known;
        }
        List<ServiceTerm> terms = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        boolean isComplete = true;
        for (Ref service : services) {
            isComplete &= collect(service.name(), property, seen, terms, findings);
        }
        ServiceTerm[] resolved = terms.stream().distinct().toArray(ServiceTerm[]::new);
        if (isComplete) {
            complete.put(services, resolved);
        }
        return resolved;
    }

    /** As {@link #resolve}, for rules that look at no extension headers: a service that asks for some is an error. */
    public ServiceTerm[] resolveWithoutExtensions(List<Ref> services, String property, Findings.ForObject findings) {
        ServiceTerm[] terms = resolve(services, property, findings);
        if (ServiceTerm.asksForExtensions(terms)) {
            String names = services.stream().map(Ref::name).collect(Collectors.joining(","));
            findings.error(property, names + " asks for IPv6 extension headers, which only IP policies look at");
        }
        return terms;
    }

    /** Whether all was found. */
    private boolean collect(
            String name, String property, Set<String> seen, List<ServiceTerm> terms, Findings.ForObject findings) {
        if (!seen.add(name)) {
            // Named twice, or groups that contain each other: what it lets through is in already.
            return true;
        }
        Optional<Record> found = configuration.find(Service.CATEGORY, name).map(ConfigObject::value);
        if (found.isPresent() && found.get() instanceof Service service) {
            terms.addAll(service.terms());
            return true;
        }
        if (found.isPresent() && found.get() instanceof ServiceGroup group) {
            boolean isComplete = true;
            for (Ref member : group.members()) {
                isComplete &= collect(member.name(), property, seen, terms, findings);
            }
            return isComplete;
        }
        findings.error(property, name + " is not a service; a service or a group of services is allowed");
        return false;
    }
}
