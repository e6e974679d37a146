package io.portcullis.ipsec.watch;

import io.portcullis.core.net.IpAddress;
import io.portcullis.core.time.Clock;
import io.portcullis.ipsec.decision.AttemptRecorder;
import io.portcullis.ipsec.decision.AttemptRing;
import io.portcullis.ipsec.decision.Decision;
import io.portcullis.ipsec.ike.IkeObserver;
import io.portcullis.ipsec.ike.crypto.IkeKeys;
import io.portcullis.ipsec.ike.iana.ExchangeType;
import io.portcullis.ipsec.ike.v2.Endpoints;
import io.portcullis.ipsec.ike.wire.Message;
import io.portcullis.ipsec.keylog.KeyLog;
import io.portcullis.ipsec.sa.SaPair;
import io.portcullis.ipsec.snoop.Snoop;
import io.portcullis.ipsec.snoop.SnoopEndpoint;
import io.portcullis.ipsec.snoop.SnoopEntry;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The one observer of the IKE engine. An attempt begins with the first message or decision between two addresses and
 * ends when the engine says that it is concluded. Belongs to the IKE thread, but for {@link #keyLog}.
 */
public final class NegotiationWatch implements IkeObserver {
    private static final int OPEN_ATTEMPTS = 512;

    private final Clock clock;
    private final Snoop snoop;
    private final AttemptRing attempts;
    private final Function<IpAddress, String> interfaceTo;
    private final Map<Pair, AttemptRecorder> open = new LinkedHashMap<>();
    private volatile @Nullable KeyLog keyLog;
    private long number;

    private record Pair(IpAddress local, IpAddress remote) {}

    /** @param interfaceTo name of the interface behind which an address is, for the snoop */
    public NegotiationWatch(Clock clock, Snoop snoop, AttemptRing attempts, Function<IpAddress, String> interfaceTo) {
        this.clock = clock;
        this.snoop = snoop;
        this.attempts = attempts;
        this.interfaceTo = interfaceTo;
    }

    /** Where keys of new SAs go from now on; null for nowhere. Any thread. */
    public void keyLog(@Nullable KeyLog log) {
        keyLog = log;
    }

    @Override
    public boolean wantsEveryReason() {
        return snoop.isListening();
    }

    @Override
    public void message(String tunnel, Endpoints path, Message message, boolean outbound) {
        boolean opens = message.header().exchangeType() == ExchangeType.IKE_SA_INIT.id()
                && !message.header().response()
                && message.header().responderSpi() == 0;
        Pair pair = new Pair(path.local(), path.remote());
        AttemptRecorder recorder = opens && !open.containsKey(pair) ? begin(pair, tunnel, outbound) : open.get(pair);
        if (recorder != null) {
            recorder.exchanged(outbound, message.summary());
            keep(recorder, tunnel);
        }
        if (snoop.isListening()) {
            snoop.publish(new SnoopEntry.Seen(
                    clock.wall(),
                    new SnoopEndpoint("core", path.local(), path.localPort()),
                    far(path),
                    outbound,
                    0,
                    message));
        }
    }

    @Override
    public void decided(String tunnel, Endpoints path, List<Decision> decisions) {
        Pair pair = new Pair(path.local(), path.remote());
        AttemptRecorder recorder = open.get(pair);
        if (recorder == null) {
            recorder = begin(pair, tunnel, false);
        }
        for (Decision decision : decisions) {
            recorder.decided(decision);
            if (snoop.isListening()) {
                snoop.publish(new SnoopEntry.Decided(clock.wall(), far(path), decision));
            }
        }
        keep(recorder, tunnel);
    }

    @Override
    public void concluded(String tunnel, Endpoints path, String problem) {
        AttemptRecorder recorder = open.remove(new Pair(path.local(), path.remote()));
        if (recorder == null) {
            return;
        }
        if (problem.isEmpty()) {
            recorder.established();
        } else {
            recorder.failed(problem);
        }
        keep(recorder, tunnel);
    }

    @Override
    public void ikeKeys(long initiatorSpi, long responderSpi, IkeKeys keys) {
        KeyLog log = keyLog;
        if (log != null) {
            log.ikeKeys(initiatorSpi, responderSpi, keys);
        }
    }

    @Override
    public void childKeys(SaPair pair) {
        KeyLog log = keyLog;
        if (log != null) {
            log.childKeys(pair);
        }
    }

    private AttemptRecorder begin(Pair pair, String tunnel, boolean initiator) {
        if (open.size() >= OPEN_ATTEMPTS) {
            // Whoever floods us with first messages must not fill the memory; the oldest goes, as it stands.
            open.remove(open.keySet().iterator().next());
        }
        AttemptRecorder recorder = new AttemptRecorder(clock, ++number, tunnel, initiator, pair.local(), pair.remote());
        open.put(pair, recorder);
        return recorder;
    }

    private void keep(AttemptRecorder recorder, String tunnel) {
        if (!tunnel.isEmpty()) {
            recorder.tunnel(tunnel);
        }
        attempts.put(recorder.snapshot());
    }

    private SnoopEndpoint far(Endpoints path) {
        return new SnoopEndpoint(interfaceTo.apply(path.remote()), path.remote(), path.remotePort());
    }
}
