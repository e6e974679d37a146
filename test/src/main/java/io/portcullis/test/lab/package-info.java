/**
 * A laboratory of network namespaces: hosts, a router that may translate addresses, and real IPsec peers around the
 * firewall under test.
 *
 * <p>{@link io.portcullis.test.lab.Lab} owns everything that it makes and takes it away again; what a killed run left
 * behind is removed by the next one. Namespace names carry the process id of the run, so that two runs never meet, and
 * no address exists outside the namespaces. Hosts are not processes: {@link io.portcullis.test.lab.Namespace#call} runs
 * plain Java socket code on a thread that has entered the namespace.
 *
 * <p>Two kinds of peer speak IPsec: {@link io.portcullis.test.lab.Charon}, strongSwan with its userspace ESP (always
 * UDP-encapsulated, a TUN of MTU 1400), and {@link io.portcullis.test.lab.Guest}, strongSwan above a real kernel's
 * XFRM in user-mode Linux (raw protocol 50 too). Both need root and the packages of {@code test/packages.txt};
 * {@link io.portcullis.test.lab.Need} says what is missing.
 */
@NullMarked
package io.portcullis.test.lab;

import org.jspecify.annotations.NullMarked;
