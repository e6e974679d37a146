package io.portcullis.test.tunnel;

import io.portcullis.test.Needs;
import io.portcullis.test.lab.Await;
import io.portcullis.test.lab.Firewall;
import io.portcullis.test.lab.Guest;
import io.portcullis.test.lab.Need;
import io.portcullis.test.lab.Swan;
import io.portcullis.test.lab.TwoSites;
import java.time.Duration;

/** strongSwan above a real kernel's IPsec: raw protocol 50 without NAT, UDP with. */
@Needs({Need.ROOT, Need.NAMESPACES, Need.STRONGSWAN, Need.USER_MODE_LINUX})
class GuestMatrixTest extends PeerMatrix {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    GuestMatrixTest() {
        super(1400);
    }

    @Override
    Swan start(TwoSites sites) {
        Guest guest = Guest.asPeer(sites);
        warmUp(sites, guest);
        return guest;
    }

    /**
     * A tunnel, up and down once. With its first negotiation a guest reads libraries from the host and fills its cold
     * caches; on a busy machine that has taken it longer than a scenario's first ping is patient.
     */
    private static void warmUp(TwoSites sites, Guest guest) {
        Scenario scenario = Scenario.all().findFirst().orElseThrow();
        sites.translate(scenario.translation());
        guest.load(scenario.peer());
        try (Firewall firewall = Firewall.start(sites.lab(), sites.gateway, scenario.script())) {
            Await.until(
                    "the guest's first tunnel", PATIENCE, () -> guest.initiate().succeeded());
            guest.terminate();
            firewall.stop();
        }
    }
}
