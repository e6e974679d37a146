package io.portcullis.test.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaStaticInitializer;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.portcullis.cli.firewall.EventCatalogue;
import io.portcullis.core.event.EventType;
import java.lang.reflect.Field;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Whatever the program may emit is in the catalogue, and whatever is there is emitted somewhere. */
class EventCatalogueTest {
    private static final JavaClasses PROGRAM = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.portcullis");

    private static List<JavaField> declared() {
        return PROGRAM.stream()
                .flatMap(type -> type.getFields().stream())
                .filter(field -> field.getRawType().isEquivalentTo(EventType.class))
                .filter(field -> field.getModifiers().contains(JavaModifier.STATIC))
                .toList();
    }

    private static EventType value(JavaField field) {
        try {
            Field reflected = field.reflect();
            reflected.setAccessible(true);
            return (EventType) reflected.get(null);
        } catch (IllegalAccessException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void everyEventThatIsDeclaredIsInTheCatalogue() {
        assertTrue(declared().size() > 50, declared().size() + " events were found");
        assertEquals(
                declared().stream().map(field -> value(field).name()).sorted().toList(),
                EventCatalogue.all().stream().map(EventType::name).sorted().toList());
    }

    /** An event that is made on the way would be in no catalogue. */
    @Test
    void eventsAreMadeNowhereElse() {
        List<String> others = PROGRAM.get(EventType.class).getConstructorCallsToSelf().stream()
                .filter(call -> !makesConstants(call.getOrigin()))
                .map(Object::toString)
                .toList();
        assertEquals(List.of(), others);
    }

    private static boolean makesConstants(JavaCodeUnit origin) {
        if (origin instanceof JavaStaticInitializer) {
            return true;
        }
        return origin instanceof JavaMethod method
                && method.getModifiers().contains(JavaModifier.PRIVATE)
                && method.getCallsOfSelf().stream().allMatch(call -> makesConstants(call.getOrigin()));
    }

    @Test
    void everyEventOfTheCatalogueIsEmitted() {
        List<String> silent = declared().stream()
                .filter(field -> field.getAccessesToSelf().stream()
                        .allMatch(access -> access.getOrigin() instanceof JavaStaticInitializer))
                .map(JavaField::getFullName)
                .toList();
        assertEquals(List.of(), silent);
    }

    @Test
    void idsAndNamesAreUniqueAndPartOfTheirCategory() {
        Set<Integer> ids = new HashSet<>();
        Set<String> names = new HashSet<>();
        for (EventType type : EventCatalogue.all()) {
            assertTrue(ids.add(type.id()), type + ": another event has this id");
            assertTrue(names.add(type.name()), type + ": another event has this name");
            assertTrue(type.name().matches("[a-z0-9]+(_[a-z0-9]+)*"), type::toString);
            assertFalse(type.help().isBlank(), type::toString);
            assertEquals(type.parameters().size(), Set.copyOf(type.parameters()).size(), type::toString);
        }
        // The first three digits say the category, and one category has one such number.
        Set<String> categories = EventCatalogue.all().stream()
                .map(type -> type.id() / 100_000 + " " + type.category())
                .collect(Collectors.toSet());
        assertEquals(
                categories.size(),
                categories.stream()
                        .map(category -> category.substring(0, category.indexOf(' ')))
                        .distinct()
                        .count(),
                categories::toString);
    }
}
