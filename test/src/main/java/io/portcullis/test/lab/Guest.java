package io.portcullis.test.lab;

import java.nio.file.Path;
import java.util.List;

/**
 * strongSwan above a real kernel's IPsec: that of a guest, which routes between the peer's {@code wan} and {@code lan}.
 */
public final class Guest extends Swan {
    private final Path folder;
    private final GuestKernel kernel;

    private Guest(Path folder, GuestKernel kernel) {
        super(folder);
        this.folder = folder;
        this.kernel = kernel;
    }

    /** Boots a guest in the peer's place of a lab and starts strongSwan in it. */
    public static Guest asPeer(TwoSites sites) {
        Path folder = sites.lab().folder(sites.peer.name());
        settings(folder, "", "/run/charon.vici", folder.resolve("charon.log").toString(), Crowd.ONE);
        String setup = GuestKernel.resource("guest-router.sh")
                .replace("@WAN@", TwoSites.PEER + "/24")
                .replace("@LAN@", TwoSites.PEER_LAN + "/24")
                .replace("@ROUTER@", TwoSites.ROUTER_FAR);
        Guest guest = sites.lab().own(new Guest(folder, GuestKernel.boot(sites.peer, folder, "wan", "lan", setup)));
        guest.run("STRONGSWAN_CONF=" + folder + "/strongswan.conf /usr/lib/ipsec/charon >/dev/null 2>&1 & "
                + "for i in $(seq 100); do [ -S /run/charon.vici ] && break; sleep 0.1; done; [ -S /run/charon.vici ]");
        return guest;
    }

    /** Runs a shell command line in the guest. */
    public Command.Result attempt(String commandLine) {
        return kernel.attempt(commandLine);
    }

    /** As {@link #attempt}, expecting status 0. */
    public Command.Result run(String commandLine) {
        return kernel.run(commandLine);
    }

    @Override
    public Command.Result swanctl(String options) {
        return attempt("SWANCTL_DIR=" + folder + "/swanctl STRONGSWAN_CONF=" + folder + "/strongswan.conf swanctl "
                + options + " 2>&1");
    }

    @Override
    public String log() {
        return read(folder.resolve("charon.log"));
    }

    /** What the console has said since the last command: kernel messages, mostly. */
    public List<String> consoleTail() {
        return kernel.consoleTail();
    }

    @Override
    public void close() {
        kernel.close();
    }
}
