package io.portcullis.ipsec.tunnel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.core.net.AddressSet;
import io.portcullis.core.net.IpAddress;
import io.portcullis.core.net.IpRange;
import io.portcullis.ipsec.decision.Decision;
import io.portcullis.ipsec.ike.wire.SaPayload;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The way by the peer's address ends at the same tunnels as looking through the whole list. */
final class TunnelListTest {
    private static final IpAddress OWN = IpAddress.literal("192.0.2.1");

    @Test
    void sameCandidatesAsFromTheTop() {
        long seed = 20_260_724;
        System.out.println("TunnelListTest: seed " + seed);
        Random random = new Random(seed);
        SaPayload offer = TunnelSelectionTest.ikeOffer(TunnelSelectionTest.GCM);
        for (int round = 0; round < 300; round++) {
            List<TunnelDefinition> tunnels = new ArrayList<>();
            int size = random.nextInt(200);
            for (int i = 0; i < size; i++) {
                tunnels.add(TunnelSelectionTest.tunnel(
                        "t" + i,
                        peers(random),
                        "172.16.10.0/24",
                        "key",
                        random.nextInt(4) == 0 ? TunnelSelectionTest.CBC : TunnelSelectionTest.GCM));
            }
            TunnelList list = new TunnelList(tunnels);
            IpAddress remote = address(random.nextInt(20));
            TunnelSelection.Initial plain = TunnelSelection.initial(list, OWN, remote, offer, true);
            TunnelSelection.Initial quick = TunnelSelection.initial(list, OWN, remote, offer, false);
            assertEquals(plain.candidates(), quick.candidates());
            assertEquals(plain.choice(), quick.choice());
            List<Decision> named = quick.decisions();
            if (size > TunnelSelection.NAMED_ALWAYS) {
                List<Decision> others = plain.decisions().stream()
                        .filter(it -> !named.contains(it))
                        .toList();
                assertTrue(others.stream().allMatch(it -> it.criterion().equals("RemoteEndpoint")), others::toString);
                assertTrue(
                        others.isEmpty() || named.getFirst().candidate().equals(others.size() + " tunnels"),
                        () -> others.size() + " are not named, " + named.getFirst());
            } else {
                assertEquals(plain.decisions(), named);
            }
        }
    }

    private static AddressSet peers(Random random) {
        return switch (random.nextInt(6)) {
            case 0 -> AddressSet.EMPTY;
            case 1 -> AddressSet.of(List.of(new IpRange(address(random.nextInt(5)), address(8 + random.nextInt(9)))));
            case 2 ->
                AddressSet.of(
                        List.of(IpRange.of(address(random.nextInt(9))), IpRange.of(address(10 + random.nextInt(10)))));
            default -> AddressSet.of(address(random.nextInt(20)));
        };
    }

    private static IpAddress address(int number) {
        return IpAddress.literal("198.51.100." + number);
    }
}
