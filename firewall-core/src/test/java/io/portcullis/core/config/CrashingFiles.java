package io.portcullis.core.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
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

    private static final class File {
        private byte[] written = new byte[0];
        private byte[] durable = new byte[0];
    }

    private final Map<String, File> names = new TreeMap<>();
    private Map<String, File> durableNames = new HashMap<>();
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
        (loss == Loss.ALL ? durableNames : names).forEach((name, file) -> {
            File kept = new File();
            byte[] survived = switch (loss) {
                case ALL -> file.durable;
                case NOTHING -> file.written;
                case TORN ->
                    Arrays.equals(file.durable, file.written)
                            ? file.durable
                            : Arrays.copyOf(file.written, Math.min(cut, file.written.length));
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
    public void write(String name, int head, Content content) throws IOException {
        step();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(new byte[head]);
        byte[] first = content.write(out);
        assertEquals(head, first.length);
        File file = new File();
        file.written = out.toByteArray();
        System.arraycopy(first, 0, file.written, 0, head);
        names.put(name, file);
    }

    @Override
    public void sync(String name) {
        step();
        File file = names.get(name);
        file.durable = file.written;
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
