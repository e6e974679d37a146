package io.portcullis.core.port;

import io.portcullis.core.net.MacAddress;
import io.portcullis.core.time.Clock;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * A wire in memory with a port at each end, for tests and demonstrations. Each end may belong to another thread. With a
 * seeded generator and a clock that is moved by hand, what happens to each frame is the same in every run.
 */
public final class SimulatedWire {
    private final SimulatedPort left;
    private final SimulatedPort right;

    /**
     * What both ends have in common.
     *
     * @param mtu octets of IP packet
     * @param frames that may be under way in each direction; a sender that is ahead by more is refused
     */
    public record Properties(PortCapabilities capabilities, int mtu, int frames, WireQuality quality) {
        /** An Ethernet of 1,500 octets that loses nothing and takes whole super-packets, as a veth pair does. */
        public static Properties ethernet() {
            return new Properties(
                    new PortCapabilities(true, true, true, true, "simulated wire"), 1500, 512, WireQuality.PERFECT);
        }

        public Properties with(WireQuality newQuality) {
            return new Properties(capabilities, mtu, frames, newQuality);
        }

        /** The same without any offload: as a plain network card. */
        public Properties withoutOffload() {
            return new Properties(
                    new PortCapabilities(capabilities.linkLayer(), false, false, false, "simulated wire, no offload"),
                    mtu,
                    frames,
                    quality);
        }

        public Properties withMtu(int newMtu) {
            return new Properties(capabilities, newMtu, frames, quality);
        }
    }

    /** @param random decides the fate of frames; only asked for two seeds here */
    public SimulatedWire(
            String name,
            Properties properties,
            MacAddress leftMac,
            MacAddress rightMac,
            Clock clock,
            RandomGenerator random) {
        FrameRing toRight = new FrameRing(properties, clock, generator(random));
        FrameRing toLeft = new FrameRing(properties, clock, generator(random));
        left = new SimulatedPort(name + ".left", leftMac, properties, toLeft, toRight);
        right = new SimulatedPort(name + ".right", rightMac, properties, toRight, toLeft);
    }

    public Port left() {
        return left;
    }

    public Port right() {
        return right;
    }

    /** Cuts the wire (frames sent from now on vanish) or joins it again; any thread. */
    public void cut(boolean isCut) {
        left.cut(isCut);
        right.cut(isCut);
    }

    private static RandomGenerator generator(RandomGenerator seeds) {
        return RandomGeneratorFactory.of("L64X128MixRandom").create(seeds.nextLong());
    }
}
