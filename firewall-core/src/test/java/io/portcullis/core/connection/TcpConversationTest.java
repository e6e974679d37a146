package io.portcullis.core.connection;

import static io.portcullis.core.packet.Tcp.ACK;
import static io.portcullis.core.packet.Tcp.FIN;
import static io.portcullis.core.packet.Tcp.RST;
import static io.portcullis.core.packet.Tcp.SYN;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.portcullis.core.packet.DropReason;
import io.portcullis.core.packet.Packet;
import org.junit.jupiter.api.Test;

/** Conversations as they pass a firewall: numbers are relative to each end's first one, which lies near the wrap. */
class TcpConversationTest {
    private static final int CLIENT_FIRST = -3000;
    private static final int SERVER_FIRST = 0x7fff_f000;
    private static final int WINDOW = 8192;

    private final Bench bench = new Bench();

    private DropReason client(int flags, int sequence, int acknowledgement, int window, int scale, int data) {
        return bench.through(
                Packets.tcp(
                        Bench.LAN,
                        Bench.CLIENT,
                        40_000,
                        Bench.SERVER,
                        80,
                        flags,
                        CLIENT_FIRST + sequence,
                        (flags & ACK) == 0 ? 0 : SERVER_FIRST + acknowledgement,
                        window,
                        scale,
                        data),
                Bench.WAN,
                TestPolicy.PLAIN);
    }

    private DropReason server(int flags, int sequence, int acknowledgement, int window, int scale, int data) {
        return bench.through(fromServer(flags, sequence, acknowledgement, window, scale, data), Bench.LAN, null);
    }

    private static Packet fromServer(int flags, int sequence, int acknowledgement, int window, int scale, int data) {
        return Packets.tcp(
                Bench.WAN,
                Bench.SERVER,
                80,
                Bench.CLIENT,
                40_000,
                flags,
                SERVER_FIRST + sequence,
                (flags & ACK) == 0 ? 0 : CLIENT_FIRST + acknowledgement,
                window,
                scale,
                data);
    }

    private void passes(DropReason why) {
        assertEquals(DropReason.NONE, why);
    }

    private void refuses(DropReason expected, DropReason why) {
        assertEquals(expected, why);
    }

    private TcpState state() {
        return bench.flow(fromServer(ACK, 0, 0, 0, -1, 0)).connection().tcpState();
    }

    private void handshake(int scale) {
        passes(client(SYN, 0, 0, WINDOW, scale, 0));
        assertEquals(TcpState.SYN_SENT, state());
        passes(server(SYN | ACK, 0, 1, WINDOW, scale, 0));
        assertEquals(TcpState.SYN_RECEIVED, state());
        passes(client(ACK, 1, 1, WINDOW, -1, 0));
        assertEquals(TcpState.ESTABLISHED, state());
    }

    @Test
    void onlyASynOpens() {
        for (int flags : new int[] {0, ACK, SYN | ACK, RST, FIN, FIN | ACK, SYN | FIN, SYN | RST, RST | ACK}) {
            refuses(DropReason.NO_NEW_CONNECTION, client(flags, 0, 0, WINDOW, -1, 0));
        }
        assertEquals(0, bench.table.size());
        passes(client(SYN, 0, 0, WINDOW, -1, 0));
        assertEquals(1, bench.table.size());
    }

    @Test
    void anExchangeAndItsEnd() {
        handshake(-1);
        passes(client(ACK, 1, 1, WINDOW, -1, 300));
        passes(server(ACK, 1, 301, WINDOW, -1, 1400));
        passes(client(ACK, 301, 1401, WINDOW, -1, 0));
        passes(client(FIN | ACK, 301, 1401, WINDOW, -1, 0));
        assertEquals(TcpState.CLOSING, state());
        passes(server(ACK, 1401, 302, WINDOW, -1, 700));
        passes(client(ACK, 302, 2101, WINDOW, -1, 0));
        passes(server(FIN | ACK, 2101, 302, WINDOW, -1, 0));
        passes(client(ACK, 302, 2102, WINDOW, -1, 0));
        assertEquals(TcpState.FINISHED, state());
        passes(server(FIN | ACK, 2101, 302, WINDOW, -1, 0)); // the last ACK was lost behind us
        refuses(DropReason.BAD_STATE, server(ACK, 2102, 302, WINDOW, -1, 1)); // nothing new follows a FIN
        passes(client(ACK, 302, 2102, WINDOW, -1, 0));
        bench.after(12);
        assertEquals(0, bench.table.size(), "what is finished goes quickly");
    }

    @Test
    void bothEndsFinishAtOnce() {
        handshake(-1);
        passes(client(FIN | ACK, 1, 1, WINDOW, -1, 0));
        passes(server(FIN | ACK, 1, 1, WINDOW, -1, 0));
        passes(client(ACK, 2, 2, WINDOW, -1, 0));
        assertEquals(TcpState.CLOSING, state());
        passes(server(ACK, 2, 2, WINDOW, -1, 0));
        assertEquals(TcpState.FINISHED, state());
    }

    @Test
    void segmentsOutsideTheWindowDie() {
        handshake(-1);
        refuses(DropReason.BAD_STATE, client(ACK, 1 + WINDOW + 1, 1, WINDOW, -1, 100));
        refuses(DropReason.BAD_STATE, client(ACK, -2 * WINDOW, 1, WINDOW, -1, 100));
        refuses(DropReason.BAD_STATE, client(ACK, 1, 2, WINDOW, -1, 100)); // acknowledges what was never sent
        refuses(DropReason.BAD_STATE, client(ACK, 1, -100_000, WINDOW, -1, 100));
        refuses(DropReason.BAD_STATE, client(0, 1, 0, WINDOW, -1, 100));
        passes(client(ACK, 1 + WINDOW - 100, 1, WINDOW, -1, 100)); // reordered, last of the window
        passes(client(ACK, 1, 1, WINDOW, -1, 1000));
    }

    @Test
    void windowsAreScaledWhenBothSaySo() {
        handshake(7);
        // The handshake's last ACK opened the window to 8192 << 7, and a super-packet uses it.
        passes(server(ACK, 1, 1, WINDOW, -1, 60_000));
        passes(server(ACK, 60_001, 1, WINDOW, -1, 60_000));
        passes(client(ACK, 1, 120_001, WINDOW, -1, 0));
    }

    @Test
    void windowsAreNotScaledWhenOneEndDoesNot() {
        passes(client(SYN, 0, 0, WINDOW, 7, 0));
        passes(server(SYN | ACK, 0, 1, WINDOW, -1, 0));
        passes(client(ACK, 1, 1, WINDOW, -1, 0));
        refuses(DropReason.BAD_STATE, server(ACK, 1 + WINDOW + 1, 1, WINDOW, -1, 1));
        passes(server(ACK, 1, 1, WINDOW, -1, WINDOW));
    }

    @Test
    void keepalivesAndProbesOfAClosedWindowPass() {
        handshake(-1);
        passes(server(ACK, 1, 1, 0, -1, 0));
        passes(client(ACK, 1, 1, WINDOW, -1, 1)); // one octet into a closed window
        passes(client(ACK, 0, 1, WINDOW, -1, 0)); // keepalive: one before what was sent
        passes(server(ACK, 1, 2, 0, -1, 0));
    }

    @Test
    void lostPartsOfTheHandshakeAreRepeated() {
        passes(client(SYN, 0, 0, WINDOW, -1, 0));
        passes(client(SYN, 0, 0, WINDOW, -1, 0));
        passes(server(SYN | ACK, 0, 1, WINDOW, -1, 0));
        passes(client(SYN, 0, 0, WINDOW, -1, 0)); // the SYN ACK was lost behind us
        passes(server(SYN | ACK, 500, 1, WINDOW, -1, 0)); // a server with SYN cookies answers with another number
        passes(client(ACK, 1, 501, WINDOW, -1, 0));
        assertEquals(TcpState.ESTABLISHED, state());
        passes(server(ACK, 501, 1, WINDOW, -1, 10));
    }

    @Test
    void aSynMayCarryData() {
        passes(client(SYN, 0, 0, WINDOW, -1, 100)); // RFC 7413
        passes(server(SYN | ACK, 0, 101, WINDOW, -1, 0));
        passes(server(ACK, 1, 101, WINDOW, -1, 1000));
        passes(client(ACK, 101, 1001, WINDOW, -1, 0));
        assertEquals(TcpState.ESTABLISHED, state());
    }

    @Test
    void aRefusedConnectionEnds() {
        passes(client(SYN, 0, 0, WINDOW, -1, 0));
        refuses(DropReason.BAD_STATE, server(RST | ACK, 0, 77, 0, -1, 0)); // somebody guesses
        assertEquals(TcpState.SYN_SENT, state());
        passes(server(RST | ACK, 0, 1, 0, -1, 0));
        assertEquals(TcpState.RESET, state());
        bench.after(12);
        assertEquals(0, bench.table.size());
    }

    @Test
    void aResetInTheWindowButNotExactDoesNotEndTheConnection() {
        handshake(-1);
        refuses(DropReason.BAD_STATE, server(RST, 50_000, 0, 0, -1, 0));
        passes(server(RST, 1 + 4000, 0, 0, -1, 0)); // RFC 5961: the client answers with an ACK and lives on
        assertEquals(TcpState.ESTABLISHED, state());
        passes(server(RST, 1, 0, 0, -1, 0));
        assertEquals(TcpState.RESET, state());
    }

    @Test
    void aServerMayResetBeforeTheHandshakeIsThrough() {
        passes(client(SYN, 0, 0, WINDOW, -1, 0));
        passes(server(SYN | ACK, 0, 1, WINDOW, -1, 0));
        passes(server(RST, 1, 0, 0, -1, 0));
        assertEquals(TcpState.RESET, state());
    }

    @Test
    void aHostThatStartedAnewGetsThrough() {
        handshake(-1);
        passes(client(ACK, 1, 1, WINDOW, -1, 100));
        // The client has forgotten all; the server answers the stray SYN as RFC 5961 says, and the client resets.
        passes(client(SYN, 900_000, 0, WINDOW, -1, 0));
        assertEquals(TcpState.ESTABLISHED, state());
        passes(server(ACK, 1, 101, WINDOW, -1, 0));
        passes(client(RST, 101, 0, 0, -1, 0));
        assertEquals(TcpState.RESET, state());
        passes(client(SYN, 900_000, 0, WINDOW, -1, 0));
        assertEquals(TcpState.SYN_SENT, state());
        assertEquals(1, bench.table.size());
    }

    @Test
    void aServerThatForgotTooAnswersTheNewSyn() {
        handshake(-1);
        passes(client(SYN, 900_000, 0, WINDOW, -1, 0));
        passes(server(SYN | ACK, 5_000_000, 900_001, WINDOW, -1, 0));
        passes(client(ACK, 900_001, 5_000_001, WINDOW, -1, 0));
        passes(client(ACK, 900_001, 5_000_001, WINDOW, -1, 500));
        passes(server(ACK, 5_000_001, 900_501, WINDOW, -1, 500));
        refuses(DropReason.BAD_STATE, server(ACK, 1, 101, WINDOW, -1, 100));
    }

    @Test
    void aHalfOpenServerIsResetByTheOpener() {
        passes(client(SYN, 0, 0, WINDOW, -1, 0));
        passes(server(ACK, 123_456, 654_321, WINDOW, -1, 0)); // answers for an older connection
        passes(client(RST, 654_321, 0, 0, -1, 0));
    }

    @Test
    void bothEndsMayOpenAtOnce() {
        passes(client(SYN, 0, 0, WINDOW, -1, 0));
        passes(server(SYN, 0, 0, WINDOW, -1, 0));
        passes(client(SYN | ACK, 0, 1, WINDOW, -1, 0));
        passes(server(SYN | ACK, 0, 1, WINDOW, -1, 0));
        passes(client(ACK, 1, 1, WINDOW, -1, 10));
        passes(server(ACK, 1, 11, WINDOW, -1, 10));
        assertEquals(TcpState.ESTABLISHED, state());
    }

    @Test
    void thePortIsUsedAgainAfterTheEnd() {
        handshake(-1);
        passes(client(FIN | ACK, 1, 1, WINDOW, -1, 0));
        passes(server(FIN | ACK, 1, 2, WINDOW, -1, 0));
        passes(client(ACK, 2, 2, WINDOW, -1, 0));
        assertEquals(TcpState.FINISHED, state());
        passes(client(SYN, 1_000_000, 0, WINDOW, -1, 0));
        assertEquals(TcpState.SYN_SENT, state());
        assertEquals(1, bench.table.size());
    }

    @Test
    void idleTimesFollowTheState() {
        passes(client(SYN, 0, 0, WINDOW, -1, 0));
        bench.after(58);
        assertEquals(1, bench.table.size());
        bench.after(4);
        assertEquals(0, bench.table.size(), "60 s without an answer");
        handshake(-1);
        bench.after(3600);
        assertEquals(1, bench.table.size(), "established for hours");
        passes(client(FIN | ACK, 1, 1, WINDOW, -1, 0));
        bench.after(78);
        assertEquals(1, bench.table.size());
        bench.after(4);
        assertEquals(0, bench.table.size(), "80 s after a FIN that nobody answered");
        assertNull(bench.table.find(fromServer(ACK, 0, 0, 0, -1, 0), bench.now));
    }
}
