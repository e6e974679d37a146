package io.portcullis.core.config;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Files in memory that know what a crash would leave: content is lost or cut anywhere until it is synchronised, names
 * may be the old or the new ones until the folder is.
 */
final class CrashingFiles implements StoreFiles {
    /** What a crash at one moment may leave. */
    enum Loss {
        /** Everything that was not synchronised is gone. */
        ALL,
        /** Nothing is gone: the process was killed, the machine went on. */
        NOTHING,
        /** Names reached the disk, content only in part. */
        TORN
    }

    static final class Stopped extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    private static final class Content {
        private byte[] written = new byte[0];
        private byte[] durable = new byte[0];
    }

    private final Map<String, Content> names = new TreeMap<>();
    private Map<String, Content> durableNames = new HashMap<>();
    private int stepsLeft = Integer.MAX_VALUE;
    private int steps;

    /** Stops the world before the step after these. */
    void stopAfter(int count) {
        stepsLeft = count;
    }

    int steps() {
        return steps;
    }

    private void step() {
        if (stepsLeft-- <= 0) {
            throw new Stopped();
        }
        steps++;
    }

    /** The files after a crash now. */
    CrashingFiles afterCrash(Loss loss, int cut) {
        CrashingFiles left = new CrashingFiles();
        (loss == Loss.ALL ? durableNames : names).forEach((name, content) -> {
            Content kept = new Content();
            byte[] survived = switch (loss) {
                case ALL -> content.durable;
                case NOTHING -> content.written;
                case TORN ->
                    Arrays.equals(content.durable, content.written)
                            ? content.durable
                            : Arrays.copyOf(content.written, Math.min(cut, content.written.length));
            };
            kept.written = survived.clone();
            kept.durable = survived.clone();
            left.names.put(name, kept);
        });
        left.durableNames = new HashMap<>(left.names);
        return left;
    }

    /** Damages a file as a failing disk would. */
    void damage(String name, byte[] content) {
        names.get(name).written = content;
        names.get(name).durable = content;
    }

    @Override
    public List<String> list() {
        return new ArrayList<>(names.keySet());
    }

    @Override
    public byte[] read(String name) {
        return names.get(name).written.clone();
    }

    @Override
    public void write(String name, byte[] bytes) {
        step();
        Content content = new Content();
        content.written = bytes.clone();
        names.put(name, content);
    }

    @Override
    public void sync(String name) {
        step();
        Content content = names.get(name);
        content.durable = content.written;
    }

    @Override
    public void rename(String from, String to) {
        step();
        names.put(to, names.remove(from));
    }

    @Override
    public void delete(String name) {
        step();
        names.remove(name);
    }

    @Override
    public void syncFolder() {
        step();
        durableNames = new HashMap<>(names);
    }
}
