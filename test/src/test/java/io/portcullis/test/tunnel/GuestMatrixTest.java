package io.portcullis.test.tunnel;

import io.portcullis.test.Needs;
import io.portcullis.test.lab.Guest;
import io.portcullis.test.lab.Need;
import io.portcullis.test.lab.Swan;
import io.portcullis.test.lab.TwoSites;

/** strongSwan above a real kernel's IPsec: raw protocol 50 without NAT, UDP with. */
@Needs({Need.ROOT, Need.NAMESPACES, Need.STRONGSWAN, Need.USER_MODE_LINUX})
class GuestMatrixTest extends PeerMatrix {
    GuestMatrixTest() {
        super(1400);
    }

    @Override
    Swan start(TwoSites sites) {
        return Guest.asPeer(sites);
    }
}
