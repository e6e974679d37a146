package io.portcullis.cli.operation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CpuidCommandTest {
    private static final String TWO = """
            processor\t: 0
            vendor_id\t: AuthenticAMD
            model name\t: AMD EPYC
            flags\t\t: fpu aes sse2 pclmulqdq avx2

            processor\t: 1
            vendor_id\t: Another
            model name\t: Another
            flags\t\t: fpu
            """;

    @TempDir
    private Path folder;

    private String shown(String cpuinfo) throws IOException {
        return Typed.run(new CpuidCommand(Files.writeString(folder.resolve("cpuinfo"), cpuinfo)), "cpuid");
    }

    @Test
    void theFirstProcessorSpeaksForAll() throws IOException {
        String shown = shown(TWO);
        assertEquals("Processors : 2", Typed.line(shown, "Processors"));
        assertEquals("Model name : AMD EPYC", Typed.line(shown, "Model name"));
        assertFalse(shown.contains("Another"), shown);
    }

    @Test
    void whatEncryptionUsesStandsByItself() throws IOException {
        assertEquals("Used by encryption : aes pclmulqdq avx2", Typed.line(shown(TWO), "Used by"));
        assertEquals("Feature flags : fpu aes sse2 pclmulqdq avx2", Typed.line(shown(TWO), "Feature"));
    }

    @Test
    void aProcessorWithoutAesInstructionsIsSaidToHaveNone() throws IOException {
        assertEquals(
                "Used by encryption : none: AES is computed without instructions for it",
                Typed.line(shown("processor : 0\nflags : fpu sse2\n"), "Used by"));
    }

    @Test
    void aMissingDescriptionIsSaid() {
        String failure = Typed.failure(new CpuidCommand(folder.resolve("missing")), "cpuid");
        assertTrue(failure.startsWith("the processor's description can not be read: "), failure);
    }
}
