package io.portcullis.test.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Pattern;

/** A running strongSwan with the one connection {@code net}, steered by swanctl. */
public abstract sealed class Swan implements AutoCloseable permits Charon, Guest {
    private static final Duration REKEY = Duration.ofSeconds(5);

    private final Path folder;

    Swan(Path folder) {
        this.folder = folder;
    }

    /** How many peers the daemon is to have. */
    enum Crowd {
        /** One, whose every step is in the log. */
        ONE("", 1),
        /** Thousands who come at once: no cookies, tables to match, and nothing but errors in the log. */
        MANY("dos_protection = no\n  ikesa_table_size = 16384\n  ikesa_table_segments = 16", 0);

        private final String settings;
        private final int logLevel;

        Crowd(String settings, int logLevel) {
            this.settings = settings;
            this.logLevel = logLevel;
        }
    }

    /** Writes the daemon's settings below {@code folder}; {@code backend}: a plugin to take the kernel's place. */
    static void settings(Path folder, String backend, String viciSocket, String logFile, Crowd crowd) {
        // An explicit list, or stroke would read the host's files and resolve rewrite its resolv.conf. aesni and
        // openssl stand in front, else AES-GCM falls to a sixth of its speed.
        String plugins = "random nonce aesni openssl aes sha1 sha2 md5 hmac kdf gcm ctr curve25519 gmp pem pkcs1 x509"
                + " pubkey constraints drbg " + backend + " kernel-netlink socket-default vici updown";
        // swanctl by itself loads every plugin there is, which takes a guest seconds.
        write(folder.resolve("strongswan.conf"), """
                charon {
                  load_modular = no
                  load = %s
                  install_routes = yes
                  %s
                  retransmit_timeout = 1.0
                  syslog { }
                  filelog { main {
                    path = %s
                    flush_line = yes
                    default = %d
                  } }
                  plugins { vici { socket = unix://%s
                  } }
                }
                swanctl {
                  load = random
                }
                """.formatted(
                        plugins, crowd.settings, logFile, crowd.logLevel, viciSocket));
    }

    /** Replaces what is configured; SAs of the earlier configuration are ended. */
    public void load(SwanConnection connection) {
        swanctl("--terminate --ike net --force --timeout 2");
        load(connection.swanctl());
    }

    /**
     * Replaces what is configured by a whole swanctl.conf; a connection not called {@code net} is steered by itself.
     */
    public void load(String swanctl) {
        write(folder.resolve("swanctl/swanctl.conf"), swanctl);
        swanctl("--load-all --clear").orThrow();
    }

    /** Brings the child up as initiator; a failure is a result with the daemon's own log of it. */
    public Command.Result initiate() {
        return swanctl("--initiate --child net --timeout 10");
    }

    public void rekeyChild() {
        swanctl("--rekey --child net").orThrow();
    }

    public void rekeyIke() {
        swanctl("--rekey --ike net").orThrow();
    }

    /**
     * Has something rekeyed and waits until there are new SPIs, and nothing else left that is established.
     *
     * @param what for the message
     * @throws IllegalStateException when that does not come about within five seconds
     */
    public void rekeyed(String what, Runnable start) {
        String before = spis(listing());
        start.run();
        Await.until(what + " rekeyed", REKEY, () -> {
            String listing = listing();
            return !spis(listing).equals(before) && ikeSas() == 1 && childSas() == 1;
        });
    }

    /** SPIs of the established IKE SAs and installed children of a listing. */
    private static String spis(String listing) {
        return listing.lines()
                .filter(line -> line.contains("ESTABLISHED") || line.matches("\\s+(in|out)\\s.*"))
                .map(line ->
                        line.replaceAll(".*?([0-9a-f]{16}_i\\*? [0-9a-f]{16}_r|\\s(in|out)\\s+[0-9a-f]{8}).*", "$1"))
                .collect(java.util.stream.Collectors.joining(" "));
    }

    /** Deletes the IKE SA and its children, telling the other side. */
    public void terminate() {
        swanctl("--terminate --ike net --timeout 5").orThrow();
    }

    /** The listing of SAs, empty when there is none. */
    public String listing() {
        return swanctl("--list-sas").orThrow().output();
    }

    /** Established IKE SAs. */
    public int ikeSas() {
        return count(listing(), ", ESTABLISHED, IKEv");
    }

    /** Installed children. */
    public int childSas() {
        return count(listing(), ", INSTALLED, TUNNEL");
    }

    /** One swanctl command, options in one string. */
    public abstract Command.Result swanctl(String options);

    /** All that the daemon has logged so far. */
    public abstract String log();

    static int count(String text, String word) {
        return (int)
                Pattern.compile(word, Pattern.LITERAL).matcher(text).results().count();
    }

    static void write(Path file, String text) {
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String read(Path file) {
        try {
            return Files.exists(file) ? Files.readString(file) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public abstract void close();
}
