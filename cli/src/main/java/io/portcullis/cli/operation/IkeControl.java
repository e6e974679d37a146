package io.portcullis.cli.operation;

import io.portcullis.core.net.IpAddress;
import io.portcullis.ipsec.ike.IkeEngine;
import io.portcullis.ipsec.ike.v2.IkeSaView;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** What {@code ike} may ask of negotiation. */
public interface IkeControl {
    /** All SAs at one instant. */
    CompletableFuture<List<IkeSaView>> list();

    /** Brings a tunnel up. */
    void connect(String tunnel);

    /** Deletes the IKE SAs of a tunnel and what is under them. */
    void delete(String tunnel);

    /** Deletes the IKE SAs with a peer and what is under them. */
    void delete(IpAddress peer);

    /** Deletes all IKE SAs. */
    void deleteAll();

    /** New keys for the IKE SAs of a tunnel. */
    void rekeyIke(String tunnel);

    /** New keys for the IPsec SAs of a tunnel. */
    void rekeyChildren(String tunnel);

    /** Tunnels that may be open at once, 0 for any number. */
    int allowedTunnels();

    /** Datagrams and events that changed nothing, since the start. */
    long ignored();

    /** The engine, as far as the command needs it. */
    static IkeControl of(IkeEngine engine) {
        return new IkeControl() {
            @Override
            public CompletableFuture<List<IkeSaView>> list() {
                return engine.list();
            }

            @Override
            public void connect(String tunnel) {
                engine.connect(tunnel);
            }

            @Override
            public void delete(String tunnel) {
                engine.delete(tunnel);
            }

            @Override
            public void delete(IpAddress peer) {
                engine.delete(peer);
            }

            @Override
            public void deleteAll() {
                engine.deleteAll();
            }

            @Override
            public void rekeyIke(String tunnel) {
                engine.rekeyIke(tunnel);
            }

            @Override
            public void rekeyChildren(String tunnel) {
                engine.rekeyChildren(tunnel);
            }

            @Override
            public int allowedTunnels() {
                return engine.limit();
            }

            @Override
            public long ignored() {
                return engine.droppedCount();
            }
        };
    }
}
