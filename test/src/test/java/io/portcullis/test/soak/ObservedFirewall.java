package io.portcullis.test.soak;

import io.portcullis.test.lab.Firewall;
import io.portcullis.test.lab.Lab;
import io.portcullis.test.lab.Namespace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/** A firewall whose collections are watched from outside. */
final class ObservedFirewall {
    private static final Pattern PAUSE = Pattern.compile("Pause.* ([0-9.]+)ms");

    private final Path collections;

    private ObservedFirewall(Path collections) {
        this.collections = collections;
    }

    /**
     * Starts it with a heap of a fixed size.
     *
     * @param heapMegabytes of which {@code youngMegabytes} are for new objects
     */
    static ObservedFirewall start(Lab lab, Namespace namespace, String script, int heapMegabytes, int youngMegabytes) {
        Path log = lab.folder("collections").resolve(namespace.name());
        String heap = "-Xms%1$dm -Xmx%1$dm -Xmn%2$dm -Xlog:gc:file=%3$s".formatted(heapMegabytes, youngMegabytes, log);
        Firewall.start(lab, namespace, script, heap);
        return new ObservedFirewall(log);
    }

    /** Milliseconds of each collection so far. */
    List<Double> pauses() {
        try {
            return PAUSE.matcher(Files.readString(collections))
                    .results()
                    .map(match -> Double.parseDouble(match.group(1)))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
