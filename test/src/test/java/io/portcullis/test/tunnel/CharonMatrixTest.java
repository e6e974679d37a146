package io.portcullis.test.tunnel;

import io.portcullis.test.Needs;
import io.portcullis.test.lab.Charon;
import io.portcullis.test.lab.Need;
import io.portcullis.test.lab.Swan;
import io.portcullis.test.lab.TwoSites;

/** strongSwan with its userspace ESP: always UDP-encapsulated, inner packets of 1,400 octets at most. */
@Needs({Need.ROOT, Need.NAMESPACES, Need.STRONGSWAN})
class CharonMatrixTest extends PeerMatrix {
    CharonMatrixTest() {
        super(1300);
    }

    @Override
    Swan start(TwoSites sites) {
        return Charon.asPeer(sites);
    }
}
