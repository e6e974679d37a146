package io.portcullis.cli.language;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.core.config.Configuration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever is typed: an answer, no exception, and no change when it failed. */
class CommandFuzzTest {
    private static final List<String> PIECES = List.of(
            "add",
            "set",
            "show",
            "delete",
            "cc",
            "undelete",
            "reject",
            "activate",
            "commit",
            "help",
            "script",
            "echo",
            "Interface",
            "IPsecTunnel",
            "Ethernet",
            "lan",
            "t",
            "PSK",
            "k",
            "RoutingTable",
            "main",
            "Route",
            "IDList",
            "l",
            "ID",
            "IPPolicy",
            "1",
            "99999999999",
            "LocalNetwork=10.0.0.0/8",
            "RemoteNetwork=all-nets",
            "PSK=k",
            "Name=",
            "Name=x",
            "Index=1",
            "Index=-5",
            "Index=x",
            "IP=",
            "IP=<empty>",
            "-force",
            "-silent",
            "-disable",
            "-changes",
            "-create",
            "-all",
            "-plan",
            "..",
            "\"",
            "\\",
            "#",
            "\n",
            "\t",
            "=",
            "==",
            "<empty>",
            "*",
            "DHGroup=,",
            "DHGroup=14",
            "Type=HEX",
            "PSKAscii=\"a b\"",
            "Network=::/0",
            "Interface=t",
            "\u0000",
            "\uD800",
            "RemoteMgmtSettings",
            "ValidationTimeout=5",
            "Settings",
            "SourceInterface=any",
            "-",
            "--",
            "-num=",
            "é",
            "/",
            "newkey");

    @Test
    void anyLineIsAnsweredAndAFailedOneChangesNothing() {
        long seed = 2026_11_21L;
        Random random = new Random(seed);
        Fixture firewall = new Fixture();
        for (int i = 0; i < 20_000; i++) {
            String line = line(random);
            Configuration before = firewall.transactions.candidate();
            Configuration running = firewall.transactions.active();
            int status;
            try {
                status = firewall.run(line);
                firewall.session.complete(line, random.nextInt(line.length() + 1));
                firewall.session.prompt();
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed + ", line " + i + ": " + line, e);
            }
            if (status != 0) {
                assertEquals(before, firewall.transactions.candidate(), line);
                assertTrue(running.equals(firewall.transactions.active()), line);
                assertTrue(firewall.err.length() > 1, line);
            }
        }
    }

    private static String line(Random random) {
        StringBuilder line = new StringBuilder();
        int count = random.nextInt(9);
        for (int i = 0; i < count; i++) {
            String piece = PIECES.get(random.nextInt(PIECES.size()));
            if (random.nextInt(20) == 0 && !piece.isEmpty()) {
                int at = random.nextInt(piece.length());
                piece = piece.substring(0, at) + (char) random.nextInt(0x250) + piece.substring(at);
            }
            line.append(piece).append(random.nextInt(12) == 0 ? "" : " ");
        }
        return line.toString();
    }
}
