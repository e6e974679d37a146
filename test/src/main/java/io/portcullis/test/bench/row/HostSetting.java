package io.portcullis.test.bench.row;

import io.portcullis.test.lab.Command;

/** A kernel variable of the whole machine that is put back when this is closed. */
record HostSetting(String name, String before) implements AutoCloseable {
    static HostSetting set(String name, String value) {
        HostSetting setting =
                new HostSetting(name, Command.run("sysctl", "-n", name).output().strip());
        Command.run("sysctl", "-qw", name + "=" + value);
        return setting;
    }

    @Override
    public void close() {
        Command.run("sysctl", "-qw", name + "=" + before);
    }
}
