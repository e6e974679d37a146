package io.portcullis.cli.warmup;

import io.portcullis.core.config.ObjectTypes;
import io.portcullis.core.net.MacAddress;
import io.portcullis.core.packet.Tcp;
import io.portcullis.core.port.Port;
import io.portcullis.core.port.PortCapabilities;
import io.portcullis.core.port.SimulatedWire;
import io.portcullis.core.port.WireQuality;
import io.portcullis.core.port.linux.DeviceException;
import io.portcullis.core.port.linux.PrivateWires;
import io.portcullis.core.time.Clock;
import io.portcullis.ipsec.crypto.BulkCrypto;
import io.portcullis.ipsec.crypto.CryptoSelection;
import io.portcullis.ipsec.ike.iana.Encr;
import io.portcullis.ipsec.ike.iana.Integ;
import io.portcullis.ipsec.sa.EspSuite;
import io.portcullis.ipsec.sa.SecretKeys;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Has the virtual machine compile the way of a packet before it matters: station, gateway, wire, gateway, station.
 * Where the system allows it the wires are devices that nobody else sees, so that what drives devices is compiled too
 * and nothing is compiled for ports in memory that the firewall does not have; otherwise they are in memory. Datagrams
 * and TCP super-packets pass plainly, translated, and through tunnels with and without UDP encapsulation, and a part of
 * them opens connections. It shares nothing with the firewall that runs but the choice of the cryptographic provider,
 * and counts and logs nowhere.
 */
public final class WarmUp implements AutoCloseable {
    /** The longest that {@link #run} may take. */
    static final long LONGEST_NANOS = 5_000_000_000L;
    /** When it was not faster than ever for so long, what can be compiled has been. */
    static final long PLATEAU_NANOS = 300_000_000L;

    /** From station to gateway, to gateway, to station. */
    private static final int WIRES = 3;

    /** Rounds in which neighbours find each other, and what happens to packets does not matter. */
    private static final int ACQUAINTANCE = 4;

    private static final int DATAGRAMS = 12;
    private static final int NEW_FLOWS = 2;
    private static final int FIRST_PORT = 2_000;
    private static final int FIRST_NEW_PORT = 10_000;
    private static final int NEW_PORTS = 50_000;
    private static final int STREAM_PORT = 5_001;
    private static final int[] LENGTHS = {18, 300, 1_200, 64};
    private static final int SUPER_PACKET = 16_000;
    private static final int FRAMES = 256;

    private static final SimulatedWire.Properties WIRE = new SimulatedWire.Properties(
            new PortCapabilities(true, true, true, true, "warm-up"), Gateway.MTU, FRAMES, WireQuality.PERFECT);

    private final Clock clock;
    private final SecureRandom random;
    private final @Nullable PrivateWires devices;
    private final BulkCrypto[] cryptos;
    private final Gateway[] gateways;
    private final Station[] stations;
    private int connections;
    private int sequence = 1;

    /**
     * @param types of configuration objects
     * @param crypto has the provider; its counts do not change
     */
    public static WarmUp begin(ObjectTypes types, CryptoSelection crypto, Clock clock, SecureRandom random) {
        try {
            PrivateWires devices = PrivateWires.open(WIRES);
            return new WarmUp(types, crypto, clock, random, devices, devices.ports());
        } catch (DeviceException _) {
            // Who may not have devices of his own, as in a demonstration, has no others to be warm for.
            return inMemory(types, crypto, clock, random);
        }
    }

    /** The same without devices, whatever the system allows. */
    static WarmUp inMemory(ObjectTypes types, CryptoSelection crypto, Clock clock, SecureRandom random) {
        List<Port> ends = new ArrayList<>();
        for (int wire = 0; wire < WIRES; wire++) {
            SimulatedWire made = new SimulatedWire("warm-up", WIRE, mac(wire, 0), mac(wire, 1), clock, random);
            ends.add(made.left());
            ends.add(made.right());
        }
        return new WarmUp(types, crypto, clock, random, null, ends);
    }

    private static MacAddress mac(int wire, int end) {
        return new MacAddress(0x0200_0000_0000L + 2L * wire + end + 1);
    }

    /** @param ends of the wires, in the order that packets pass them */
    private WarmUp(
            ObjectTypes types,
            CryptoSelection crypto,
            Clock clock,
            SecureRandom random,
            @Nullable PrivateWires devices,
            List<Port> ends) {
        this.clock = clock;
        this.random = random;
        this.devices = devices;
        cryptos = new BulkCrypto[] {crypto.uncounted(), crypto.uncounted()};
        gateways = new Gateway[] {
            new Gateway(1, ends.get(1), ends.get(2), cryptos[0], types, clock, random),
            new Gateway(2, ends.get(4), ends.get(3), cryptos[1], types, clock, random)
        };
        stations = new Station[] {
            new Station(1, ends.get(0), ends.get(1).mac()),
            new Station(2, ends.get(5), ends.get(4).mac())
        };
        EspSuite suite = new EspSuite(Encr.AES_GCM_16, 128, Integ.NONE);
        for (int tunnel = 0; tunnel < Gateway.TUNNELS; tunnel++) {
            SecretKeys there = keys(suite);
            SecretKeys back = keys(suite);
            gateways[0].install(tunnel, suite, back, there);
            gateways[1].install(tunnel, suite, there, back);
        }
        for (int i = 0; i < ACQUAINTANCE; i++) {
            converse();
        }
        for (int network = 0; network < Gateway.NETWORKS; network++) {
            shakeHands(network);
        }
    }

    private SecretKeys keys(EspSuite suite) {
        byte[] key = new byte[suite.keyBits() / 8];
        byte[] salt = new byte[suite.encryption().saltOctets()];
        random.nextBytes(key);
        random.nextBytes(salt);
        return new SecretKeys(key, salt, new byte[0]);
    }

    /** Sends packets until it gets no faster, or {@link #LONGEST_NANOS} have passed. */
    public void run() {
        long begun = clock.nanos();
        long least = Long.MAX_VALUE;
        long improved = begun;
        for (long now = begun; now - begun < LONGEST_NANOS && now - improved < PLATEAU_NANOS; ) {
            round();
            long end = clock.nanos();
            if (end - now < least) {
                least = end - now;
                improved = end;
            }
            now = end;
        }
    }

    /**
     * One conversation between the stations.
     *
     * @return octets that were sent and did not arrive
     */
    long round() {
        long before = missing();
        for (int network = 0; network < Gateway.NETWORKS; network++) {
            for (int i = 0; i < DATAGRAMS; i++) {
                int port = i < NEW_FLOWS ? FIRST_NEW_PORT + connections++ % NEW_PORTS : FIRST_PORT + i;
                stations[0].datagram(network, port, LENGTHS[i % LENGTHS.length]);
            }
            stations[0].segment(network, STREAM_PORT, Tcp.ACK | Tcp.PSH, sequence, 1, SUPER_PACKET);
            stations[1].segment(network, STREAM_PORT, Tcp.ACK, 1, sequence + SUPER_PACKET, 0);
        }
        sequence += SUPER_PACKET;
        converse();
        return missing() - before;
    }

    private void shakeHands(int network) {
        stations[0].segment(network, STREAM_PORT, Tcp.SYN, 0, 0, 0);
        converse();
        stations[1].segment(network, STREAM_PORT, Tcp.SYN | Tcp.ACK, 0, 1, 0);
        converse();
        stations[0].segment(network, STREAM_PORT, Tcp.ACK, 1, 1, 0);
        converse();
    }

    private long missing() {
        return Arrays.stream(stations).mapToLong(Station::sent).sum()
                - Arrays.stream(stations).mapToLong(Station::received).sum();
    }

    /** There and back. */
    private void converse() {
        stations[0].flush();
        gateways[0].step();
        gateways[1].step();
        stations[1].poll();
        gateways[1].step();
        gateways[0].step();
        stations[0].poll();
    }

    @Override
    public void close() {
        for (int i = 0; i < gateways.length; i++) {
            gateways[i].close();
            stations[i].close();
            cryptos[i].close();
        }
        if (devices != null) {
            devices.close();
        }
    }
}
