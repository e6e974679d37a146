package io.portcullis.cli.firewall;

import io.portcullis.cli.StateFolder;
import io.portcullis.cli.console.CliCommand;
import io.portcullis.core.config.Finding;
import io.portcullis.core.time.SystemClock;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code portcullis run}: the firewall on this machine's devices, until SIGTERM or SIGINT. */
@Command(
        name = "run",
        description = {
            "Runs the firewall on this machine's network devices.",
            "Prints 'ready' when packets flow at full speed and the console answers. SIGTERM or Ctrl-C ends it: SAs are"
                    + " deleted at the peers and devices given back as they were found."
        },
        footer = {"", "Exit status: 0 after SIGTERM or Ctrl-C, 1 when it could not start."},
        mixinStandardHelpOptions = true)
public final class RunCommand implements Callable<Integer> {
    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Data folder: configuration and console socket; one process at a time"
                    + " (default: portcullis in the user's state directory).")
    private @Nullable Path data;

    @Option(
            names = "--script",
            paramLabel = "FILE",
            description =
                    "Makes this script the configuration: it begins with a new one, runs the script, activates and"
                            + " commits. Without it the configuration that was committed last comes into force.")
    private @Nullable Path script;

    @Option(
            names = "--no-warm-up",
            description =
                    "Is ready as soon as packets flow. The first second is slow then; for scripts that restart it often.")
    private boolean isCold;

    @Override
    public Integer call() throws InterruptedException {
        Path folder = data != null ? data : StateFolder.standard();
        try {
            String text = script == null ? null : read(script);
            Firewall firewall = Firewall.start(new LinuxMachine(), folder, new SystemClock(), new SecureRandom());
            // Every way out of the program passes here; halt keeps the status 0 that a signal would turn into its own.
            Thread ending = new Thread(() -> end(firewall), "end");
            if (!begin(firewall, text)) {
                firewall.close();
                return 1;
            }
            Runtime.getRuntime().addShutdownHook(ending);
            if (!isCold) {
                firewall.warmUp();
            }
            System.out.println("ready");
            System.out.flush();
            new CountDownLatch(1).await();
            return 0;
        } catch (IOException e) {
            System.err.println("portcullis: " + e.getMessage());
            return 1;
        }
    }

    private static boolean begin(Firewall firewall, @Nullable String text) throws IOException {
        if (text != null) {
            return firewall.load(text, CliCommand.printing(System.err, System.err));
        }
        List<Finding> findings = firewall.restore();
        findings.forEach(finding -> System.err.println("portcullis: " + finding));
        return findings.stream().noneMatch(finding -> finding.severity() == Finding.Severity.ERROR);
    }

    private static String read(Path script) throws IOException {
        try {
            return Files.readString(script);
        } catch (NoSuchFileException e) {
            throw new IOException("there is no script " + script, e);
        } catch (MalformedInputException e) {
            throw new IOException("the script " + script + " is not UTF-8 text", e);
        }
    }

    private static void end(Firewall firewall) {
        int status = 0;
        try {
            firewall.close();
        } catch (IOException | RuntimeException e) {
            System.err.println("portcullis: " + e);
            status = 1;
        }
        Runtime.getRuntime().halt(status);
    }
}
