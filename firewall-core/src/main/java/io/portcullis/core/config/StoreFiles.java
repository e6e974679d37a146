package io.portcullis.core.config;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/**
 * The steps on files that the store is made of; one at a time, so that a test can stop the world between any two.
 * Names are those of files in one folder.
 */
public interface StoreFiles {
    List<String> list() throws IOException;

    byte[] read(String name) throws IOException;

    /** What a file holds, when its first octets depend on all the others. */
    @FunctionalInterface
    interface Content {
        /** Writes what stands behind the head. @return the head */
        byte[] write(OutputStream out) throws IOException;
    }

    /**
     * Creates or empties a file and writes into it; after a crash any part of it may be missing.
     *
     * @param head octets that the head of the content has
     */
    void write(String name, int head, Content content) throws IOException;

    /** Returns when the content of a file survives a crash. */
    void sync(String name) throws IOException;

    /** Gives a file another name in one step, replacing what has that name. */
    void rename(String from, String to) throws IOException;

    void delete(String name) throws IOException;

    /** Returns when creations, renames and deletions survive a crash. */
    void syncFolder() throws IOException;
}
