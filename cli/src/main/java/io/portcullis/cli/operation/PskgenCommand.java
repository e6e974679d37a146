package io.portcullis.cli.operation;

import io.portcullis.cli.command.CommandFailure;
import io.portcullis.cli.command.Invocation;
import io.portcullis.cli.command.Option;
import io.portcullis.cli.console.Session;
import io.portcullis.cli.language.EditingCommand;
import io.portcullis.core.config.ConfigObject;
import io.portcullis.core.config.Configuration;
import io.portcullis.ipsec.tunnel.Psk;
import java.security.SecureRandom;
import java.util.List;

/** {@code pskgen}: a random pre-shared key as a new object of the candidate configuration. It is never printed. */
public final class PskgenCommand implements EditingCommand {
    private static final List<String> SIZES = List.of("64", "128", "256", "512", "1024", "2048", "4096");
    private static final String DEFAULT_SIZE = "512";

    private final SecureRandom random;

    public PskgenCommand(SecureRandom random) {
        this.random = random;
    }

    @Override
    public String name() {
        return "pskgen";
    }

    @Override
    public String help() {
        return "Adds a random pre-shared key to the configuration.";
    }

    @Override
    public List<Argument> arguments() {
        return List.of(new Argument("NAME", true, "Name of the new PSK object.", Words.NONE));
    }

    @Override
    public List<Option> options() {
        return List.of(Option.value("size", "BITS", "Bits of the key (default " + DEFAULT_SIZE + ").")
                .offering(() -> SIZES));
    }

    @Override
    public Configuration edit(Invocation call, Configuration candidate, Session.Output output) throws CommandFailure {
        String size = call.value("size").orElse(DEFAULT_SIZE);
        if (!SIZES.contains(size)) {
            throw new CommandFailure("-size: '" + size + "' is none of " + String.join(", ", SIZES));
        }
        String name = call.argument(0).orElse("");
        Configuration changed = candidate.add(ConfigObject.TOP, Psk.generate(name, Integer.parseInt(size), random, ""));
        output.out("Added PSK " + name + ", a random key of " + size + " bits; 'script -create -secrets' shows it.\n");
        return changed;
    }
}
