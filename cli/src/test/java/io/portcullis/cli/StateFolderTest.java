package io.portcullis.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class StateFolderTest {
    private static final Path HOME = Path.of("/home/ada");

    @Test
    void followsTheStateDirectory() {
        assertEquals(
                Path.of("/srv/state/portcullis"), StateFolder.standard(Map.of("XDG_STATE_HOME", "/srv/state"), HOME));
    }

    @Test
    void ignoresARelativeStateDirectoryAsTheSpecificationSays() {
        assertEquals(
                Path.of("/home/ada/.local/state/portcullis"),
                StateFolder.standard(Map.of("XDG_STATE_HOME", "state"), HOME));
        assertEquals(Path.of("/home/ada/.local/state/portcullis"), StateFolder.standard(Map.of(), HOME));
    }
}
