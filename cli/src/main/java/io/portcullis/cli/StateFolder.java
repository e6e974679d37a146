package io.portcullis.cli;

import java.nio.file.Path;
import java.util.Map;

/** Where a firewall keeps its configuration and its console socket. */
public final class StateFolder {
    private StateFolder() {}

    /**
     * The folder that is used without {@code --data}: {@code portcullis} in the user's state directory (XDG Base
     * Directory Specification).
     *
     * @param environment variables of the process
     * @param home home directory of the user
     */
    public static Path standard(Map<String, String> environment, Path home) {
        String state = environment.getOrDefault("XDG_STATE_HOME", "");
        Path base = state.startsWith("/") ? Path.of(state) : home.resolve(".local/state");
        return base.resolve("portcullis");
    }

    /** The standard folder of this process's user. */
    public static Path standard() {
        return standard(System.getenv(), Path.of(System.getProperty("user.home", "/")));
    }
}
