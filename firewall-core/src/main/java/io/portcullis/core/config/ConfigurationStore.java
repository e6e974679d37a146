package io.portcullis.core.config;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import io.portcullis.core.time.Clock;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Numbered versions of the configuration. A version is written whole before it is activated, and a small file names
 * the committed one; both reach the disk as temporary file, fsync, rename, fsync of the folder. So whenever the
 * process or the machine stops, the committed version is there whole, and what was activated but not committed is a
 * version with a higher number that nothing starts with. Not thread-safe: {@link Transactions} owns it.
 */
public final class ConfigurationStore {
    private static final String POINTER = "committed";
    private static final String TEMPORARY = ".new";
    private static final String HEAD = "{\"sha256\":\"";
    private static final String MIDDLE = "\",\"version\":";
    /** The sum has 64 digits. */
    private static final int HEAD_OCTETS = HEAD.length() + 64 + MIDDLE.length();

    private final StoreFiles files;
    private final ConfigurationJson json;
    private final Clock clock;
    private final int keep;
    private long newest;
    private long committed;

    /**
     * A version.
     *
     * @param number from 1
     * @param after the version that was committed when this one was made, 0 for none
     * @param time when it was made, ISO 8601
     * @param user who made it
     * @param configuration what it holds
     */
    public record Version(long number, long after, String time, String user, Configuration configuration) {}

    /**
     * What the store holds when the firewall starts.
     *
     * @param committed the version to start with; empty for a new firewall
     * @param findings sentences about what was not as it should be
     */
    public record Found(Optional<Version> committed, List<String> findings) {}

    /**
     * @param files where versions are kept
     * @param keep how many versions are kept, at least 1
     */
    public ConfigurationStore(StoreFiles files, ObjectTypes types, Clock clock, int keep) {
        this.files = files;
        this.json = new ConfigurationJson(types);
        this.clock = clock;
        this.keep = keep;
    }

    /**
     * Reads the committed version, or the newest whole one committed before it when it is damaged.
     *
     * @throws IOException when the folder cannot be read, or no version is whole although there are some
     * @throws ConfigError when the committed version is whole but holds what this program does not know
     */
    public Found open() throws IOException {
        List<String> findings = new ArrayList<>();
        TreeMap<Long, byte[]> whole = new TreeMap<>();
        Set<Long> onceCommitted = new HashSet<>();
        boolean any = false;
        for (String name : files.list()) {
            if (name.endsWith(TEMPORARY)) {
                files.delete(name);
                continue;
            }
            Optional<Long> number = number(name);
            if (number.isEmpty()) {
                continue;
            }
            any = true;
            newest = Math.max(newest, number.get());
            Optional<byte[]> body = body(files.read(name));
            if (body.isEmpty()) {
                findings.add("configuration version " + number.get() + " is damaged");
            } else {
                whole.put(number.get(), body.get());
                onceCommitted.add(json.tree(body.get()).path("after").asLong());
            }
        }
        Optional<Long> pointer = pointer();
        if (pointer.isEmpty() && any) {
            // A first version that was activated and never committed leaves no note, and came after 0.
            long last = onceCommitted.stream().mapToLong(Long::longValue).max().orElse(0);
            if (last > 0) {
                findings.add("the note of the committed version is lost; version " + last + " is known to be one");
            }
            pointer = Optional.of(last);
        }
        long wanted = pointer.orElse(0L);
        if (wanted == 0) {
            if (any && whole.isEmpty()) {
                throw new IOException("no configuration version is whole: " + String.join("; ", findings));
            }
            return new Found(Optional.empty(), List.copyOf(findings));
        }
        long chosen = wanted;
        if (!whole.containsKey(wanted)) {
            chosen = whole.headMap(wanted, false).descendingKeySet().stream()
                    .filter(onceCommitted::contains)
                    .findFirst()
                    .or(() -> Optional.ofNullable(whole.lowerKey(wanted)))
                    .orElseThrow(
                            () -> new IOException("no configuration version is whole: " + String.join("; ", findings)));
            findings.add("version " + wanted + " was committed but is damaged: started with version " + chosen);
        }
        committed = chosen;
        whole.tailMap(wanted, false)
                .keySet()
                .forEach(later -> findings.add("version " + later + " was activated but never committed: not used"));
        return new Found(Optional.of(version(Objects.requireNonNull(whole.get(chosen)))), List.copyOf(findings));
    }

    /** Instead of {@link #open}: leaves the stored versions aside unread, so that new ones get higher numbers. */
    public void openUnread() throws IOException {
        newest = versions().stream().mapToLong(Long::longValue).max().orElse(0);
        committed = pointer().orElse(0L);
    }

    /** Writes a version that is about to be activated; it is used at a start only after {@link #commit}. */
    public long save(Configuration configuration, String user) throws IOException {
        long number = newest + 1;
        String name = name(number);
        replace(name, HEAD_OCTETS, out -> write(out, number, configuration, user));
        newest = number;
        return number;
    }

    /** From now on the firewall starts with this version. */
    public void commit(long number) throws IOException {
        byte[] text = Long.toString(number).getBytes(StandardCharsets.US_ASCII);
        byte[] note = (number + " " + sha256(text) + "\n").getBytes(StandardCharsets.US_ASCII);
        replace(POINTER, note.length, _ -> note);
        committed = number;
        prune();
    }

    /** Numbers of the versions that are kept, oldest first. */
    public List<Long> versions() throws IOException {
        return files.list().stream()
                .flatMap(name -> number(name).stream())
                .sorted()
                .toList();
    }

    /** A version that is kept. @throws IOException when it is not there or damaged */
    public Version load(long number) throws IOException {
        return body(files.read(name(number)))
                .map(this::version)
                .orElseThrow(() -> new IOException("configuration version " + number + " is damaged"));
    }

    /** Number of the committed version, 0 for none. */
    public long committed() {
        return committed;
    }

    private void replace(String name, int head, StoreFiles.Content content) throws IOException {
        files.write(name + TEMPORARY, head, content);
        files.sync(name + TEMPORARY);
        files.rename(name + TEMPORARY, name);
        files.syncFolder();
    }

    private void prune() throws IOException {
        List<Long> numbers = versions();
        for (long number : numbers.subList(0, Math.max(0, numbers.size() - keep))) {
            if (number != committed) {
                files.delete(name(number));
            }
        }
    }

    private static String name(long number) {
        return String.format(Locale.ROOT, "%08d.json", number);
    }

    private static Optional<Long> number(String name) {
        return name.matches("[0-9]{8,18}\\.json")
                ? Optional.of(Long.parseLong(name.substring(0, name.indexOf('.'))))
                : Optional.empty();
    }

    private Optional<Long> pointer() throws IOException {
        if (!files.list().contains(POINTER)) {
            return Optional.empty();
        }
        String[] words = new String(files.read(POINTER), StandardCharsets.US_ASCII)
                .strip()
                .split(" ", -1);
        boolean whole = words.length == 2
                && words[0].matches("[0-9]{1,18}")
                && words[1].equals(sha256(words[0].getBytes(StandardCharsets.US_ASCII)));
        return whole ? Optional.of(Long.parseLong(words[0])) : Optional.empty();
    }

    /** {@code {"sha256":"…","version":BODY}} where the sum is over the octets of BODY. */
    private byte[] write(OutputStream out, long number, Configuration configuration, String user) throws IOException {
        MessageDigest digest = sha256();
        try (JsonGenerator body = json.generator(new DigestOutputStream(out, digest))) {
            body.writeStartObject();
            body.writeNumberField("number", number);
            body.writeNumberField("after", committed);
            body.writeStringField("time", clock.wall().toString());
            body.writeStringField("user", user);
            body.writeFieldName("configuration");
            ConfigurationJson.write(body, configuration);
            body.writeEndObject();
        }
        out.write("}\n".getBytes(StandardCharsets.US_ASCII));
        return head(digest.digest());
    }

    /** The body of a file whose sum is right. */
    private static Optional<byte[]> body(byte[] file) {
        int end = file.length - 2;
        if (end < HEAD_OCTETS) {
            return Optional.empty();
        }
        byte[] body = Arrays.copyOfRange(file, HEAD_OCTETS, end);
        boolean whole = Arrays.equals(head(sha256().digest(body)), Arrays.copyOf(file, HEAD_OCTETS))
                && file[end] == '}'
                && file[end + 1] == '\n';
        return whole ? Optional.of(body) : Optional.empty();
    }

    private static byte[] head(byte[] sum) {
        return (HEAD + HexFormat.of().formatHex(sum) + MIDDLE).getBytes(StandardCharsets.US_ASCII);
    }

    private Version version(byte[] body) {
        JsonNode node = json.tree(body);
        try {
            return new Version(
                    node.path("number").asLong(),
                    node.path("after").asLong(),
                    node.path("time").asText(),
                    node.path("user").asText(),
                    json.read(node.path("configuration")));
        } catch (ConfigError error) {
            throw new ConfigError(
                    error.property(),
                    "configuration version " + node.path("number").asLong() + ", " + error.sentence());
        }
    }

    private static String sha256(byte[] octets) {
        return HexFormat.of().formatHex(sha256().digest(octets));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
