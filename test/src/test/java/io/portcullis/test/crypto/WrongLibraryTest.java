package io.portcullis.test.crypto;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.portcullis.core.time.SystemClock;
import io.portcullis.ipsec.crypto.BulkCrypto;
import io.portcullis.ipsec.crypto.CpuFeatures;
import io.portcullis.ipsec.crypto.CryptoReport;
import io.portcullis.ipsec.crypto.CryptoSelection;
import io.portcullis.ipsec.crypto.EspBurst;
import io.portcullis.ipsec.crypto.EspTransform;
import io.portcullis.ipsec.ike.crypto.KeyExchange;
import io.portcullis.ipsec.ike.crypto.KeyExchange.InvalidPublicValue;
import io.portcullis.ipsec.ike.iana.DhGroup;
import io.portcullis.ipsec.ike.iana.Encr;
import io.portcullis.ipsec.ike.iana.Integ;
import io.portcullis.ipsec.sa.EspSuite;
import io.portcullis.ipsec.sa.SecretKeys;
import io.portcullis.test.Needs;
import io.portcullis.test.lab.Command;
import io.portcullis.test.lab.Need;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that finds a wrong library says so with an event and encrypts with what is left. */
@Needs(Need.C_COMPILER)
class WrongLibraryTest {
    private static final String OTHER_LIBCRYPTO = "unsigned long OpenSSL_version_num(void) { return 0x40000000; }";

    @TempDir
    private Path libraries;

    @Test
    void ofAnotherVersion() throws IOException {
        library("libIPSec_MB.so.1", "unsigned imb_get_version(void) { return 0x20000; }");
        library("libcrypto.so.3", OTHER_LIBCRYPTO);
        assertEquals("""
                libIPSec_MB 2.0.0: is version 2.0.0, not 1.3 or later below 2
                OpenSSL 4.0.0: is version 4.0.0, not 3
                AES-128-GCM by SunJCE: authentic
                ECP_256: agreed
                """, inAnotherProcess());
    }

    @Test
    void ofTheRightVersionWithAnotherLayout() throws IOException {
        library("libcrypto.so.3", OTHER_LIBCRYPTO);
        library("libIPSec_MB.so.1", """
                static char manager[65536];
                unsigned imb_get_version(void) { return 0x10900; }
                void *alloc_mb_mgr(unsigned long flags) { return manager; }
                unsigned long imb_get_mb_mgr_size(void) { return sizeof manager; }
                void init_mb_mgr_auto(void *manager, void *arch) {}
                void free_mb_mgr(void *manager) {}
                """);
        assertEquals("""
                libIPSec_MB 1.9.0: has an unknown layout, version 1.9.0
                OpenSSL 4.0.0: is version 4.0.0, not 3
                AES-128-GCM by SunJCE: authentic
                ECP_256: agreed
                """, inAnotherProcess());
    }

    @Test
    void withoutTheFunctionsOfItsVersion() throws IOException {
        library("libIPSec_MB.so.1", "unsigned imb_get_version(void) { return 0x10300; }");
        library("libcrypto.so.3", "unsigned long OpenSSL_version_num(void) { return 0x30000000; }");
        assertEquals("""
                libIPSec_MB: can not be used: Symbol not found: alloc_mb_mgr
                OpenSSL 3.0.0: failed its self-test: OpenSSL lacks EVP_CIPHER_fetch
                AES-128-GCM by SunJCE: authentic
                ECP_256: agreed
                """, inAnotherProcess());
    }

    private void library(String name, String source) throws IOException {
        Path file = Files.writeString(libraries.resolve("library.c"), source);
        Command.run("gcc", "-shared", "-fPIC", "-o", libraries.resolve(name).toString(), file.toString());
    }

    private String inAnotherProcess() {
        return Command.attempt(List.of(
                        "env",
                        "LD_LIBRARY_PATH=" + libraries,
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        WrongLibraryTest.class.getName()))
                .orThrow()
                .output();
    }

    /** That other process: what events say, then ESP and a key exchange with what is left. */
    public static void main(String[] arguments) throws InvalidPublicValue {
        SecureRandom random = new SecureRandom();
        Set<String> told = new LinkedHashSet<>();
        CryptoSelection selection = CryptoSelection.of(
                CpuFeatures.of(Path.of("/proc/cpuinfo")),
                new SystemClock(),
                random,
                event -> told.add(
                        event.values().getFirst() + ": " + event.values().getLast()));
        CryptoReport report = CryptoReport.of(selection);
        told.forEach(System.out::println);
        EspSuite suite = new EspSuite(Encr.AES_GCM_16, 128, Integ.NONE);
        try (BulkCrypto crypto = selection.worker()) {
            EspTransform transform =
                    crypto.transform(suite, new SecretKeys(new byte[16], new byte[4], new byte[0]), false);
            EspBurst burst = new EspBurst();
            burst.add(Arena.ofAuto().allocate(128), 0, 64, 1);
            transform.seal(burst);
            transform.open(burst);
            System.out.println("AES-128-GCM by "
                    + report.lines().getFirst().provider().split(" ", -1)[0]
                    + (burst.authentic(0) ? ": authentic" : ": forged"));
        }
        KeyExchange one = KeyExchange.generate(DhGroup.ECP_256, random);
        KeyExchange two = KeyExchange.generate(DhGroup.ECP_256, random);
        boolean same = Arrays.equals(one.agree(two.publicValue()), two.agree(one.publicValue()));
        System.out.println("ECP_256: " + (same ? "agreed" : "different secrets"));
    }
}
