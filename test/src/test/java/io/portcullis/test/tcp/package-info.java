/** The kernels' own TCP on both sides of the firewall. */
package io.portcullis.test.tcp;
