package io.portcullis.cli.language;

import io.portcullis.cli.command.Command;
import io.portcullis.cli.command.CommandFailure;
import io.portcullis.cli.command.CommandTable;
import io.portcullis.cli.command.Invocation;
import io.portcullis.cli.command.Option;
import io.portcullis.cli.completion.Completer;
import io.portcullis.cli.console.Session;
import io.portcullis.core.address.AddressObjects;
import io.portcullis.core.address.Ip4Address;
import io.portcullis.core.address.Ip6Address;
import io.portcullis.core.config.Activator;
import io.portcullis.core.config.Addresses;
import io.portcullis.core.config.Change;
import io.portcullis.core.config.Configuration;
import io.portcullis.core.config.ConfigurationStore;
import io.portcullis.core.config.Findings;
import io.portcullis.core.config.ObjectType;
import io.portcullis.core.config.ObjectTypes;
import io.portcullis.core.config.Plan;
import io.portcullis.core.config.Property;
import io.portcullis.core.config.Ref;
import io.portcullis.core.config.RemoteMgmtSettings;
import io.portcullis.core.config.Secret;
import io.portcullis.core.config.StoreFiles;
import io.portcullis.core.config.Transactions;
import io.portcullis.core.time.ManualClock;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A firewall of configuration only, with types shaped like the reference's. */
public final class Fixture {
    static final ObjectTypes TYPES = ObjectTypes.of(List.of(
                    Ip4Address.class,
                    Ip6Address.class,
                    Ethernet.class,
                    Tunnel.class,
                    Psk.class,
                    Algorithms.class,
                    Policy.class,
                    Table.class,
                    TableRoute.class,
                    IdList.class,
                    Identity.class,
                    RemoteMgmtSettings.class))
            .withPredefined(AddressObjects.predefined());

    public final Transactions transactions;
    public final Session session;
    public final CommandTable commands = new CommandTable(List.of(new Echo(), new NewKey()));
    final StringBuilder out = new StringBuilder();
    final StringBuilder err = new StringBuilder();
    int activations;

    @ObjectType(value = "Ethernet", category = "Interface", title = "Ethernet interface", help = "A device.")
    record Ethernet(
            @Property(help = "Name", required = true) String name,

            @Property(help = "Address", name = "IP", required = true)
            Addresses ip) {}

    @ObjectType(
            value = "IPsecTunnel",
            category = "Interface",
            title = "IPsec tunnel",
            help = "A tunnel.",
            ordered = true)
    record Tunnel(
            @Property(help = "Name", required = true) String name,

            @Property(help = "Our networks", required = true)
            Addresses localNetwork,

            @Property(help = "Their networks", required = true)
            Addresses remoteNetwork,

            @Property(help = "The peer") Optional<Addresses> remoteEndpoint,

            @Property(help = "The key", name = "PSK", refersTo = Psk.class)
            Optional<Ref> psk,

            @Property(help = "Algorithms", name = "IPsecAlgorithms", refersTo = Algorithms.class)
            Optional<Ref> ipsecAlgorithms,

            @Property(help = "Groups", name = "DHGroup", byDefault = "21,20,19")
            List<Integer> dhGroup,

            @Property(help = "Static route", byDefault = "Yes")
            boolean autoInterfaceNetworkRoute,

            @Property(help = "Peers", refersTo = IdList.class)
            Optional<Ref> remoteId,

            @Property(help = "Lifetime", name = "IKELifeTimeSeconds", byDefault = "28800", min = 60, max = 86400)
            int ikeLifeTimeSeconds) {}

    enum KeyType {
        ASCII,
        HEX
    }

    @ObjectType(value = "PSK", title = "Pre-shared key", help = "A key.")
    record Psk(
            @Property(help = "Name", required = true) String name,
            @Property(help = "Form", byDefault = "ASCII") KeyType type,

            @Property(help = "As text", name = "PSKAscii") Optional<Secret> ascii,

            @Property(help = "As hexadecimal", name = "PSKHex")
            Optional<Secret> hex) {}

    @ObjectType(value = "IPsecAlgorithms", title = "IPsec algorithms", help = "A proposal list.")
    record Algorithms(
            @Property(help = "Name", required = true) String name,

            @Property(help = "3DES", name = "DES3Enabled") boolean des3,

            @Property(help = "AES", name = "AESEnabled") boolean aes,

            @Property(help = "SHA256", name = "SHA256Enabled")
            boolean sha256,

            @Property(help = "SHA512", name = "SHA512Enabled")
            boolean sha512) {}

    enum Verdict {
        ALLOW("Allow"),
        DENY("Deny");

        private final String word;

        Verdict(String word) {
            this.word = word;
        }

        @Override
        public String toString() {
            return word;
        }
    }

    @ObjectType(value = "IPPolicy", title = "IP policy", help = "A rule.", ordered = true, nameOptional = true)
    record Policy(
            @Property(help = "Name") String name,

            @Property(
                    help = "From",
                    category = "Interface",
                    also = {"any", "core"},
                    required = true)
            Ref sourceInterface,

            @Property(help = "From", required = true) Addresses sourceNetwork,

            @Property(
                    help = "To",
                    category = "Interface",
                    also = {"any", "core"},
                    required = true)
            Ref destinationInterface,

            @Property(help = "To", required = true) Addresses destinationNetwork,
            @Property(help = "Service", required = true) String service,
            @Property(help = "Verdict", required = true) Verdict action) {}

    @ObjectType(value = "RoutingTable", title = "Routing table", help = "Routes.")
    record Table(@Property(help = "Name", required = true) String name) {}

    @ObjectType(value = "Route", title = "Route", help = "A route.", in = Table.class, nameOptional = true)
    record TableRoute(
            @Property(help = "Egress", name = "Interface", category = "Interface", required = true)
            Ref to,

            @Property(help = "Destinations", required = true)
            Addresses network) {}

    @ObjectType(value = "IDList", title = "ID list", help = "Identities.")
    record IdList(@Property(help = "Name", required = true) String name) {}

    enum IdType {
        DN("DistinguishedName"),
        EMAIL("E-Mail");

        private final String word;

        IdType(String word) {
            this.word = word;
        }

        @Override
        public String toString() {
            return word;
        }
    }

    @ObjectType(value = "ID", title = "Identity", help = "An identity.", in = IdList.class)
    record Identity(
            @Property(help = "Name", required = true) String name,
            @Property(help = "Kind", required = true) IdType type,
            @Property(help = "CN") String commonName,

            @Property(help = "Address", name = "E-Mail") String email) {}

    /** An operational command. */
    private static final class Echo implements Command {
        @Override
        public String name() {
            return "echo";
        }

        @Override
        public String help() {
            return "Repeats.";
        }

        @Override
        public List<Option> options() {
            return List.of(Option.num());
        }

        @Override
        public List<Argument> arguments() {
            return List.of(new Argument("TEXT", false, "what", Words.NONE));
        }

        @Override
        public void run(Invocation invocation, Session.Output output) throws CommandFailure {
            if (invocation.argument(0).equals(Optional.of("fail"))) {
                throw new CommandFailure("told to fail");
            }
            output.out("echo " + invocation.argument(0).orElse("") + "\n");
        }
    }

    /** A command that edits. */
    private static final class NewKey implements EditingCommand {
        @Override
        public String name() {
            return "newkey";
        }

        @Override
        public String help() {
            return "Makes a key.";
        }

        @Override
        public List<Argument> arguments() {
            return List.of(new Argument("NAME", true, "of the key", Words.NONE));
        }

        @Override
        public Configuration edit(Invocation invocation, Configuration candidate, Session.Output output) {
            output.out("made\n");
            String name = invocation.argument(0).orElseThrow();
            return candidate.add(0, new Psk(name, KeyType.HEX, Optional.empty(), Optional.of(new Secret("00ff"))));
        }
    }

    /** Files in memory. */
    private static final class MemoryFiles implements StoreFiles {
        private final Map<String, byte[]> files = new TreeMap<>();

        @Override
        public List<String> list() {
            return new ArrayList<>(files.keySet());
        }

        @Override
        public byte[] read(String name) {
            return files.get(name);
        }

        @Override
        public void write(String name, int head, Content content) throws IOException {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            out.write(new byte[head]);
            byte[] first = content.write(out);
            byte[] file = out.toByteArray();
            System.arraycopy(first, 0, file, 0, head);
            files.put(name, file);
        }

        @Override
        public void sync(String name) {}

        @Override
        public void rename(String from, String to) {
            files.put(to, files.remove(from));
        }

        @Override
        public void delete(String name) {
            files.remove(name);
        }

        @Override
        public void syncFolder() {}
    }

    public Fixture() {
        this(
                TYPES,
                Configuration.of(TYPES, new Table("main"), new Ethernet("lan", AddressObjects.literal("172.16.1.1"))));
    }

    /** @param initial what a new firewall has */
    Fixture(ObjectTypes types, Configuration initial) {
        ManualClock clock = new ManualClock(Instant.EPOCH);
        transactions = new Transactions(
                new ConfigurationStore(new MemoryFiles(), types, clock, 10),
                initial,
                this::prepare,
                clock,
                (_, _) -> () -> {},
                _ -> {});
        try {
            transactions.start();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        activations = 0;
        session = open("admin");
    }

    private Activator.Prepared prepare(Configuration active, Configuration next, Findings findings) {
        return new Activator.Prepared() {
            @Override
            public Plan plan() {
                return Plan.of(Change.between(active, next), Plan::usual);
            }

            @Override
            public void apply() {
                activations++;
            }
        };
    }

    Session open(String user) {
        return new LanguageSession(transactions, commands, new Completer(commands), user);
    }

    /** Runs and returns the status; output and errors are in {@link #out} and {@link #err}. */
    int run(String text) {
        return run(session, text);
    }

    int run(Session in, String text) {
        out.setLength(0);
        err.setLength(0);
        try {
            return in.execute(text, new Session.Output() {
                @Override
                public void out(String more) {
                    out.append(more);
                }

                @Override
                public void err(String more) {
                    err.append(more);
                }
            });
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Runs what must succeed; returns the output. */
    String ok(String text) {
        int status = run(text);
        if (status != 0 || !err.isEmpty()) {
            throw new AssertionError(text + ": " + err);
        }
        return out.toString();
    }

    /** Runs what must fail and change nothing; returns the error. */
    String fails(String text) {
        Configuration before = transactions.candidate();
        int status = run(text);
        if (status != 1 || !before.equals(transactions.candidate())) {
            throw new AssertionError(text + " did not fail, or changed something: " + out);
        }
        return err.toString();
    }
}
