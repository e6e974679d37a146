package io.portcullis.cli.firewall;

import io.portcullis.cli.operation.PcapdumpCommand;
import io.portcullis.cli.operation.TraceCommand;
import io.portcullis.core.capture.Capture;
import io.portcullis.core.capture.Recording;
import io.portcullis.core.event.EventSink;
import io.portcullis.core.time.Clock;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The capture that runs, at most one, and the files that captures have left in the data folder. */
final class Captures implements PcapdumpCommand.Captures, TraceCommand.CaptureFiles, AutoCloseable {
    private static final long DRAIN_MILLIS = 10;

    private final DataPlane dataPlane;
    private final Path folder;
    private final ScheduledExecutorService timers;
    private final EventSink events;
    private final Clock clock;
    private final String application;
    private @Nullable Running running;
    private @Nullable Ended last;

    /** @param application that files name as their maker */
    Captures(
            DataPlane dataPlane,
            Path folder,
            ScheduledExecutorService timers,
            EventSink events,
            Clock clock,
            String application) {
        this.dataPlane = dataPlane;
        this.folder = folder;
        this.timers = timers;
        this.events = events;
        this.clock = clock;
        this.application = application;
    }

    private record Running(Capture capture, Recording recording, Path file, ScheduledFuture<?> drain) {}

    @Override
    public synchronized Path start(Order order) throws IOException {
        if (running != null) {
            throw new IOException("a capture runs already, into " + running.file() + "; 'pcapdump -stop' ends it");
        }
        if (dataPlane.running().isEmpty()) {
            throw new IOException("nothing is active that packets could come by");
        }
        Files.createDirectories(
                folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Path file = folder.resolve(order.name());
        Capture capture = new Capture(order.interfaces(), order.snaplen(), dataPlane.workers(), clock);
        Recording recording = new Recording(
                capture, order.filter(), open(file), application, order.snaplen(), order.packets(), order.octets());
        ScheduledFuture<?> drain =
                timers.scheduleWithFixedDelay(this::drain, DRAIN_MILLIS, DRAIN_MILLIS, TimeUnit.MILLISECONDS);
        running = new Running(capture, recording, file, drain);
        dataPlane.capture(capture);
        return file;
    }

    /** A new file that nobody else may read: what tunnels carry is in it. */
    private static OutputStream open(Path file) throws IOException {
        if (Files.exists(file)) {
            throw new IOException(file + " exists; choose another name, or 'pcapdump -cleanup' deletes all captures");
        }
        return new BufferedOutputStream(Channels.newOutputStream(FileChannel.open(
                file,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))));
    }

    private synchronized void drain() {
        if (running == null) {
            return;
        }
        try {
            if (!running.recording().drain()) {
                end("enough");
            }
        } catch (IOException | RuntimeException e) {
            end("the file can not be written: " + e.getMessage());
        }
    }

    @Override
    public synchronized Optional<Ended> stop() {
        if (running == null) {
            return Optional.empty();
        }
        dataPlane.capture(null);
        drain();
        if (running != null) {
            end("stopped");
        }
        return Optional.ofNullable(last);
    }

    private void end(String reason) {
        Running ending = running;
        if (ending == null) {
            return;
        }
        running = null;
        ending.drain().cancel(false);
        try {
            dataPlane.capture(null);
        } finally {
            close(ending, reason);
        }
    }

    private void close(Running ending, String reason) {
        String why = reason;
        try {
            ending.recording().close();
        } catch (IOException e) {
            why = "the file can not be written: " + e.getMessage();
        }
        Ended ended = new Ended(
                ending.file(), ending.recording().packets(), ending.capture().missed(), why);
        last = ended;
        events.emit(
                FirewallEvents.CAPTURE_ENDED, "none", ended.file(), ended.packets(), ended.missed(), ended.reason());
    }

    @Override
    public synchronized Status status() {
        return new Status(
                running == null
                        ? Optional.empty()
                        : Optional.of(new Ended(
                                running.file(),
                                running.recording().packets(),
                                running.capture().missed(),
                                "")),
                Optional.ofNullable(last),
                files());
    }

    private List<Path> files() {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(folder)) {
            return all.sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public List<String> names() {
        return files().stream().map(file -> file.getFileName().toString()).toList();
    }

    @Override
    public InputStream open(String name) throws IOException {
        Path file;
        try {
            file = folder.resolve(name);
        } catch (InvalidPathException _) {
            throw new IOException("'" + name + "' is no name of a file");
        }
        if (!folder.equals(file.getParent())) {
            throw new IOException("'" + name + "' is no name of a file in " + folder + ": put it there first");
        }
        // Reading anything else might wait for ever, and a link might lead to what is not for administrators.
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new IOException("there is no file " + file);
        }
        return new BufferedInputStream(Files.newInputStream(file));
    }

    @Override
    public synchronized int cleanUp() throws IOException {
        int deleted = 0;
        for (Path file : files()) {
            if (running == null || !running.file().equals(file)) {
                Files.deleteIfExists(file);
                deleted++;
            }
        }
        return deleted;
    }

    @Override
    public synchronized void close() {
        end("the firewall stops");
    }
}
