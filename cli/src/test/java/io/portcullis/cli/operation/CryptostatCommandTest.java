package io.portcullis.cli.operation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.core.time.SystemClock;
import io.portcullis.ipsec.crypto.CryptoReport;
import io.portcullis.ipsec.crypto.CryptoReport.Line;
import io.portcullis.ipsec.crypto.CryptoReport.Result;
import io.portcullis.ipsec.crypto.CryptoSelection;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class CryptostatCommandTest {
    private static final CryptoReport REPORT = new CryptoReport(
            List.of("OpenSSL 3.0.19", "SunJCE 25"),
            Map.of("libIPSec_MB", "needs a processor with AES instructions"),
            List.of(
                    new Line(
                            "aes-gcm-128",
                            "OpenSSL 3.0.19",
                            List.of(
                                    new Result("OpenSSL 3.0.19", 500, 400, Optional.empty()),
                                    new Result("SunJCE 25", 511, 477, Optional.empty())),
                            7,
                            9828),
                    new Line(
                            "chacha20-poly1305",
                            "SunJCE 25",
                            List.of(
                                    new Result("OpenSSL 3.0.19", 0, 0, Optional.of("it can not decrypt (seed 5)")),
                                    new Result("SunJCE 25", 1369, 1401, Optional.empty())),
                            0,
                            0)));

    private final String shown = Typed.run(new CryptostatCommand(() -> REPORT), "cryptostat");

    @Test
    void anAlgorithmIsShownWithItsProviderItsCountsAndTheTimesOfAll() {
        assertEquals("aes-gcm-128 OpenSSL 3.0.19 12.4 7 9828 500 + 400 511 + 477", Typed.line(shown, "aes-gcm-128"));
    }

    @Test
    void aProviderThatFailedIsShownWithTheReason() {
        assertEquals("chacha20-poly1305 SunJCE 25 4.0 0 0 failed 1369 + 1401", Typed.line(shown, "chacha20-poly1305"));
        String failed = """
                OpenSSL 3.0.19: computes 1 of 2 algorithms
                  chacha20-poly1305: it can not decrypt (seed 5)
                """;
        assertTrue(shown.contains(failed), shown);
    }

    @Test
    void aLibraryThatCanNotBeUsedIsNamedWithTheReason() {
        assertTrue(shown.endsWith("libIPSec_MB: not used, needs a processor with AES instructions\n"), shown);
    }

    @Test
    void theRealReportNamesEveryAlgorithm() {
        CryptoSelection jdk = CryptoSelection.jdkOnly(new SystemClock(), new SecureRandom());
        String real = Typed.run(new CryptostatCommand(() -> CryptoReport.of(jdk)), "cryptostat");
        for (String algorithm : List.of("aes-gcm-256", "chacha20-poly1305", "aes-cbc-256/hmac-sha2-512-256")) {
            assertTrue(Typed.line(real, algorithm).matches(".* SunJCE \\d+ [0-9.]+ 0 0 \\d+ \\+ \\d+"), real);
        }
    }
}
