package io.portcullis.test;

import io.portcullis.test.lab.Need;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Evaluates {@link Needs}; at the end of the run it prints every class that was skipped, and why. */
final class NeedsCondition implements ExecutionCondition {
    private static final ExtensionContext.Namespace NAMESPACE = ExtensionContext.Namespace.create(NeedsCondition.class);

    /** Closed by JUnit when the whole run is over. */
    private static final class NotTested implements AutoCloseable {
        private final Map<String, String> reasons = new TreeMap<>();

        @Override
        public void close() {
            reasons.forEach((name, reason) -> System.out.println("NOT TESTED: " + name + ": " + reason));
        }
    }

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        Optional<Needs> needs = context.getElement().map(element -> element.getAnnotation(Needs.class));
        String missing = needs.stream()
                .flatMap(annotation -> Stream.of(annotation.value()))
                .map(Need::missing)
                .flatMap(Optional::stream)
                .collect(Collectors.joining("; "));
        if (missing.isEmpty()) {
            return ConditionEvaluationResult.enabled("all there");
        }
        context.getRoot()
                .getStore(NAMESPACE)
                .getOrComputeIfAbsent("not tested", _ -> new NotTested(), NotTested.class)
                .reasons
                .put(context.getDisplayName(), missing);
        return ConditionEvaluationResult.disabled(missing);
    }
}
