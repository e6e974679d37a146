package io.portcullis.cli.operation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.cli.command.CommandFailure;
import io.portcullis.cli.command.Invocation;
import io.portcullis.cli.console.Session;
import io.portcullis.core.config.ConfigError;
import io.portcullis.core.config.Configuration;
import io.portcullis.core.config.ObjectTypes;
import io.portcullis.core.config.Secret;
import io.portcullis.ipsec.tunnel.Psk;
import java.security.SecureRandom;
import java.util.List;
import org.junit.jupiter.api.Test;

final class PskgenCommandTest {
    private static final Configuration EMPTY = Configuration.empty(ObjectTypes.of(List.of(Psk.class)));

    private final PskgenCommand pskgen = new PskgenCommand(new SecureRandom());
    private final StringBuilder printed = new StringBuilder();

    private Configuration run(Configuration candidate, String... words) throws CommandFailure {
        return pskgen.edit(Invocation.parse(pskgen, List.of(words)), candidate, new Session.Output() {
            @Override
            public void out(String text) {
                printed.append(text);
            }

            @Override
            public void err(String text) {
                throw new AssertionError(text);
            }
        });
    }

    private static String hex(Configuration configuration, String name) {
        return configuration
                .find(Psk.class, name)
                .flatMap(Psk::pskHex)
                .map(Secret::reveal)
                .orElseThrow();
    }

    @Test
    void aRandomKeyIsAddedAndNotPrinted() throws CommandFailure {
        Configuration one = run(EMPTY, "branch");
        Configuration two = run(one, "dc", "-size=64");
        assertEquals(128, hex(two, "branch").length());
        assertEquals(16, hex(two, "dc").length());
        assertNotEquals(hex(run(EMPTY, "branch"), "branch"), hex(one, "branch"));
        assertFalse(printed.toString().contains(hex(two, "branch")));
        assertTrue(printed.toString().contains("Added PSK branch, a random key of 512 bits;"), printed.toString());
    }

    @Test
    void aTakenNameAndOddSizesAreRefused() throws CommandFailure {
        Configuration one = run(EMPTY, "branch");
        assertTrue(assertThrows(ConfigError.class, () -> run(one, "branch"))
                .getMessage()
                .contains("branch exists already"));
        assertTrue(assertThrows(CommandFailure.class, () -> run(EMPTY, "x", "-size=63"))
                .getMessage()
                .contains("'63' is none of 64, 128"));
        assertTrue(assertThrows(CommandFailure.class, () -> run(EMPTY))
                .getMessage()
                .contains("pskgen needs NAME"));
    }
}
