package io.portcullis.ipsec.ike.capture;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import java.util.stream.IntStream;

/** A captured conversation: messages numbered from 1, what was inside them, and the keys. */
public final class Capture {
    private final Properties values = new Properties();

    private Capture(String name) {
        try (InputStream in = Objects.requireNonNull(Capture.class.getResourceAsStream(name), name)) {
            values.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The whole life of an IKE SA with pre-shared keys: set up, both rekeys, both deletes. */
    public static Capture psk() {
        return new Capture("strongswan-psk.properties");
    }

    /** The begin of a remote-access negotiation with certificate, EAP and configuration payload. */
    public static Capture eap() {
        return new Capture("strongswan-eap.properties");
    }

    /** The datagram, without non-ESP marker. */
    public byte[] message(int number) {
        return octets("message.%02d".formatted(number));
    }

    /** What the Encrypted payload of that message held, padding removed. */
    public byte[] inner(int number) {
        return octets("inner.%02d".formatted(number));
    }

    /** One of DH, SKEYSEED, SK_D, SK_AI, SK_AR, SK_EI, SK_ER, SK_PI, SK_PR, or the same behind {@code REKEYED.} */
    public byte[] key(String name) {
        return octets(name);
    }

    /** Numbers of all messages. */
    public List<Integer> numbers() {
        return IntStream.rangeClosed(1, 99)
                .filter(n -> values.containsKey("message.%02d".formatted(n)))
                .boxed()
                .toList();
    }

    /** Whether a message was encrypted. */
    public boolean isSealed(int number) {
        return values.containsKey("inner.%02d".formatted(number));
    }

    private byte[] octets(String name) {
        return HexFormat.of().parseHex(Objects.requireNonNull(values.getProperty(name), name));
    }
}
