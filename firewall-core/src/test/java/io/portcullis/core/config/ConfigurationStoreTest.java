package io.portcullis.core.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.core.config.Samples.Limits;
import io.portcullis.core.config.Samples.Server;
import io.portcullis.core.config.Samples.Table;
import io.portcullis.core.config.Samples.TableRoute;
import io.portcullis.core.time.ManualClock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigurationStoreTest {
    private static final ManualClock CLOCK = new ManualClock(Instant.EPOCH);

    private static ConfigurationStore store(StoreFiles files) {
        return new ConfigurationStore(files, Samples.TYPES, CLOCK, 4);
    }

    private static Configuration limit(int tunnels) {
        return Configuration.of(Samples.TYPES, new Limits(tunnels));
    }

    private static int limitOf(ConfigurationStore.Found found) {
        return found.committed()
                .map(version -> version.configuration().settings(Limits.class).tunnels())
                .orElse(0);
    }

    @Test
    void everythingIsThereAfterARestart() throws IOException {
        CrashingFiles files = new CrashingFiles();
        Configuration whole = Configuration.of(
                        Samples.TYPES,
                        new Table("main"),
                        new Server("r", new Secret("hush \"\\ \u20ac")),
                        Samples.make(Samples.Policy.class, "SourceInterface", "any"))
                .addTo(Table.class, "main", Samples.make(TableRoute.class, "Interface", "x", "Network", "::/0"));
        whole = whole.disable(whole.stored().get(1), true);
        ConfigurationStore store = store(files);
        store.open();
        store.commit(store.save(whole, "admin"));
        ConfigurationStore.Version found = store(files).open().committed().orElseThrow();
        assertEquals(whole, found.configuration());
        assertEquals("admin", found.user());
        assertEquals(whole.lastId(), found.configuration().lastId());
    }

    /** Two commits, stopped before each file-system step, with each kind of loss: the state is the old or the new. */
    @Test
    void aCrashAtAnyStepLeavesAWholeConfiguration() throws IOException {
        long seed = 20261121;
        Random random = new Random(seed);
        int total = activations(new CrashingFiles(), Integer.MAX_VALUE)[1];
        assertTrue(total >= 24, "steps: " + total);
        for (int stop = 0; stop <= total; stop++) {
            for (CrashingFiles.Loss loss : CrashingFiles.Loss.values()) {
                CrashingFiles files = new CrashingFiles();
                int committed = activations(files, stop)[0];
                CrashingFiles left = files.afterCrash(loss, random.nextInt(400));
                ConfigurationStore store = store(left);
                ConfigurationStore.Found found = store.open();
                int now = limitOf(found);
                assertTrue(
                        now == committed || now == committed + 1,
                        "seed " + seed + ", step " + stop + ", " + loss + ": " + now + " after " + committed);
                store.commit(store.save(limit(77), "admin"));
                assertEquals(77, limitOf(store(left).open()));
            }
        }
    }

    /** Activates and commits 1, 2, 3; returns the last commit that came back, and the steps taken. */
    private static int[] activations(CrashingFiles files, int stop) throws IOException {
        int committed = 0;
        files.stopAfter(stop);
        try {
            ConfigurationStore store = store(files);
            store.open();
            for (int i = 1; i <= 3; i++) {
                store.commit(store.save(limit(i), "admin"));
                committed = i;
            }
        } catch (CrashingFiles.Stopped expected) {
            files.stopAfter(Integer.MAX_VALUE);
        }
        return new int[] {committed, files.steps()};
    }

    @Test
    void aVersionCutAnywhereIsNotedAndTheOneBeforeIsUsed() throws IOException {
        CrashingFiles files = new CrashingFiles();
        ConfigurationStore first = store(files);
        first.open();
        first.commit(first.save(limit(1), "admin"));
        first.commit(first.save(limit(2), "admin"));
        byte[] file = files.read("00000002.json");
        for (int length = 0; length < file.length; length++) {
            files.damage("00000002.json", Arrays.copyOf(file, length));
            ConfigurationStore.Found found = store(files).open();
            assertEquals(1, limitOf(found));
            assertTrue(found.findings().getLast().contains("version 2 was committed but is damaged"));
        }
        for (int at = 0; at < file.length; at += 7) {
            byte[] flipped = file.clone();
            flipped[at] ^= 0x10;
            files.damage("00000002.json", flipped);
            assertEquals(1, limitOf(store(files).open()));
        }
        files.damage("00000001.json", new byte[0]);
        assertThrows(IOException.class, () -> store(files).open());
    }

    @Test
    void aLostNoteOfTheCommittedVersionFallsBackToOneThatIsKnown() throws IOException {
        CrashingFiles files = new CrashingFiles();
        ConfigurationStore store = store(files);
        store.open();
        store.commit(store.save(limit(1), "admin"));
        store.commit(store.save(limit(2), "admin"));
        store.save(limit(3), "admin");
        files.damage("committed", "2 x".getBytes(StandardCharsets.US_ASCII));
        ConfigurationStore.Found found = store(files).open();
        assertEquals(2, limitOf(found));
        assertTrue(found.findings().getFirst().contains("note of the committed version is lost"));
    }

    @Test
    void theLastVersionsAreKeptAndTheCommittedOneAlways() throws IOException {
        CrashingFiles files = new CrashingFiles();
        ConfigurationStore store = store(files);
        store.open();
        for (int i = 1; i <= 6; i++) {
            store.commit(store.save(limit(i), "admin"));
        }
        assertEquals(List.of(3L, 4L, 5L, 6L), store.versions());
        assertEquals(4, store.load(4).configuration().settings(Limits.class).tunnels());
        for (int i = 7; i <= 12; i++) {
            store.save(limit(i), "admin");
        }
        assertEquals(6, limitOf(store(files).open()));
    }

    @Test
    void unknownTypesAreRefusedByName() throws IOException {
        CrashingFiles files = new CrashingFiles();
        ConfigurationStore store = store(files);
        store.open();
        store.commit(store.save(limit(1), "admin"));
        ConfigurationStore smaller = new ConfigurationStore(files, ObjectTypes.of(List.of(Table.class)), CLOCK, 4);
        assertEquals(
                "configuration version 1, there is no object type \"Limits\"",
                assertThrows(ConfigError.class, smaller::open).getMessage());
    }

    @Test
    void onDiskOnlyTheOwnerReadsAndOneProcessWorks(@TempDir Path folder) throws IOException {
        Path data = folder.resolve("data");
        try (DataFolder held = DataFolder.open(data, 4711)) {
            ConfigurationStore store = store(held.files("configuration"));
            store.open();
            store.commit(store.save(limit(5), "admin"));
            assertEquals("rwx------", modes(data));
            assertEquals("rwx------", modes(data.resolve("configuration")));
            assertEquals("rw-------", modes(data.resolve("configuration/00000001.json")));
            assertEquals("rw-------", modes(data.resolve("configuration/committed")));
            IOException taken = assertThrows(IOException.class, () -> DataFolder.open(data, 4712));
            assertEquals("the data folder " + data + " is in use by process 4711", taken.getMessage());
        }
        try (DataFolder again = DataFolder.open(data, 4712)) {
            assertEquals(5, limitOf(store(again.files("configuration")).open()));
            assertEquals(
                    List.of("00000001.json", "committed"),
                    again.files("configuration").list());
        }
    }

    private static String modes(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }
}
