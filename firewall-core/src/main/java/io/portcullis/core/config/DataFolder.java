package io.portcullis.core.config;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** The folder that holds everything a firewall keeps; one process at a time. Closing gives it free. */
public final class DataFolder implements AutoCloseable {
    private final Path path;
    private final FileChannel lockFile;
    private final FileLock lock;

    private DataFolder(Path path, FileChannel lockFile, FileLock lock) {
        this.path = path;
        this.lockFile = lockFile;
        this.lock = lock;
    }

    /**
     * Takes a folder, making it with mode 0700 if it is missing.
     *
     * @param pid of this process, for the message that others see
     * @throws IOException with a sentence for the operator when another process has it, or it cannot be used
     */
    public static DataFolder open(Path path, long pid) throws IOException {
        Files.createDirectories(
                path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Path file = path.resolve("lock");
        FileChannel channel = FileChannel.open(
                file,
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try {
            FileLock lock = channel.tryLock();
            if (lock == null) {
                throw taken(path, file);
            }
            channel.truncate(0);
            channel.write(ByteBuffer.wrap((pid + "\n").getBytes(StandardCharsets.US_ASCII)), 0);
            return new DataFolder(path, channel, lock);
        } catch (OverlappingFileLockException e) {
            channel.close();
            throw taken(path, file);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    private static IOException taken(Path path, Path file) throws IOException {
        String owner = Files.readString(file, StandardCharsets.US_ASCII).strip();
        return new IOException("the data folder " + path + " is in use by process " + owner);
    }

    public Path path() {
        return path;
    }

    /** The files of a subfolder, made if it is missing. */
    public StoreFiles files(String subfolder) throws IOException {
        return new FolderFiles(path.resolve(subfolder));
    }

    @Override
    public void close() throws IOException {
        lock.release();
        lockFile.close();
    }
}
