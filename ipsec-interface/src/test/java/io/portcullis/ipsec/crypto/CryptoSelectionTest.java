package io.portcullis.ipsec.crypto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.portcullis.core.event.Event;
import io.portcullis.core.time.SystemClock;
import io.portcullis.ipsec.crypto.CryptoReport.Line;
import io.portcullis.ipsec.crypto.CryptoReport.Result;
import io.portcullis.ipsec.ike.iana.Encr;
import io.portcullis.ipsec.ike.iana.Integ;
import io.portcullis.ipsec.sa.EspSuite;
import io.portcullis.ipsec.sa.SecretKeys;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which provider is chosen, and what is said about those that are not. */
final class CryptoSelectionTest {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final EspSuite GCM = new EspSuite(Encr.AES_GCM_16, 128, Integ.NONE);
    private static final CpuFeatures CPU = CpuFeatures.of(Path.of("/proc/cpuinfo"));

    private final List<Event> events = new ArrayList<>();

    private CryptoSelection selection(CpuFeatures cpu) {
        return CryptoSelection.of(cpu, new SystemClock(), RANDOM, events::add);
    }

    private static Line gcm(CryptoSelection selection) {
        return CryptoReport.of(selection).lines().getFirst();
    }

    @Test
    void everyProviderPassesItsSelfTestForEveryAlgorithm() {
        for (Line line : CryptoReport.of(selection(CPU)).lines()) {
            for (Result result : line.trials()) {
                assertEquals(Optional.empty(), result.fault(), line.algorithm() + " by " + result.provider());
                boolean isMeasured =
                        !result.provider().startsWith("SunJCE") || line.trials().size() == 1;
                assertEquals(isMeasured, result.sealNanos() > 0 && result.openNanos() > 0, result.toString());
            }
        }
        assertTrue(events.stream().noneMatch(event -> event.toString().contains("self-test")), events.toString());
    }

    @Test
    void theFastestIsChosenAndItsPacketsAreCounted() {
        assumeTrue(IpsecMb.trouble().isEmpty() && CPU.hasAes(), IpsecMb.about());
        CryptoSelection selection = selection(CPU);
        BulkCrypto one = selection.worker();
        BulkCrypto two = selection.worker();
        for (BulkCrypto crypto : List.of(one, two)) {
            EspTransform transform = crypto.transform(GCM, SelfTest.keys(GCM), false);
            EspBurst burst = new EspBurst();
            burst.add(Arena.ofAuto().allocate(96), 0, 64, 1);
            transform.seal(burst);
            transform.destroy();
            crypto.close();
        }
        Line line = gcm(selection);
        assertTrue(line.provider().startsWith("libIPSec_MB 1."), line.provider());
        assertEquals(2, line.packets());
        assertEquals(128, line.octets());
    }

    @Test
    void withoutAesInstructionsAnotherProviderIsUsedAndAnEventSaysSo(@TempDir Path folder) throws Exception {
        assumeTrue(IpsecMb.trouble().isEmpty(), IpsecMb.about());
        Path cpuinfo = folder.resolve("cpuinfo");
        Files.writeString(cpuinfo, "processor\t: 0\nflags\t\t: fpu sse2 ssse3 avx2 pclmulqdq\n");
        CpuFeatures old = CpuFeatures.of(cpuinfo);
        assertEquals(Set.of("fpu", "sse2", "ssse3", "avx2", "pclmulqdq"), old.flags());
        CryptoSelection selection = selection(old);
        assertEquals(1, events.size(), events.toString());
        String said = events.getFirst().toString();
        assertTrue(said.contains("crypto_provider_not_used"), said);
        assertTrue(said.contains("needs a processor with AES instructions"), said);
        Line line = gcm(selection);
        assertFalse(line.provider().startsWith("libIPSec_MB"), line.provider());
        EspTransform transform = selection.worker().transform(GCM, SelfTest.keys(GCM), false);
        EspBurst burst = new EspBurst();
        burst.add(Arena.ofAuto().allocate(96), 0, 64, 1);
        transform.seal(burst);
        transform.open(burst);
        assertTrue(burst.authentic(0));
    }

    @Test
    void aProcessorThatNobodyDescribesHasNoAesInstructions(@TempDir Path folder) {
        assertFalse(CpuFeatures.of(folder.resolve("missing")).hasAes());
    }

    @Test
    void aProviderThatComputesWrongIsNotChosen() {
        CryptoSelection selection =
                CryptoSelection.of(List.of(new Broken(Optional.empty())), new SystemClock(), RANDOM, events::add);
        Line line = gcm(selection);
        assertTrue(line.provider().startsWith("SunJCE"), line.provider());
        assertEquals(
                Optional.of("it does not open the known packet"),
                line.trials().getFirst().fault());
        String said = events.getFirst().toString();
        assertTrue(said.contains("aes-gcm-128"), said);
        assertTrue(said.contains("failed its self-test: it does not open the known packet"), said);
    }

    @Test
    void anSaThatComesBeforeTheMeasurementGetsTheFirstThatIsSound() {
        CryptoProvider jdk = new JceProvider();
        CryptoSelection selection =
                CryptoSelection.of(List.of(new Broken(Optional.empty()), jdk), new SystemClock(), RANDOM, events::add);
        assertSame(jdk, selection.provider(GCM));
        selection.choice(GCM);
        assertEquals(1, events.size(), "tested once: " + events);
    }

    @Test
    void aProviderThatCanNotBeUsedIsNotTried() {
        CryptoSelection selection = CryptoSelection.of(
                List.of(new Broken(Optional.of("is version 2.0.0, not 1.3 or later below 2"))),
                new SystemClock(),
                RANDOM,
                events::add);
        assertEquals(1, CryptoReport.of(selection).providers().size());
        assertTrue(events.getFirst().toString().contains("is version 2.0.0"), events.toString());
    }

    /** Computes with a key of its own. */
    private record Broken(Optional<String> trouble) implements CryptoProvider {
        @Override
        public String name() {
            return "broken";
        }

        @Override
        public boolean supports(EspSuite suite) {
            return true;
        }

        @Override
        public Workspace open(SecureRandom random) {
            Workspace jdk = new JceProvider().open(random);
            return new Workspace() {
                @Override
                public EspTransform transform(EspSuite suite, SecretKeys keys, boolean extended, CryptoUse use) {
                    byte[] other = keys.encryption();
                    other[0] ^= 1;
                    return jdk.transform(suite, new SecretKeys(other, keys.salt(), keys.integrity()), extended, use);
                }

                @Override
                public void close() {
                    jdk.close();
                }
            };
        }
    }
}
