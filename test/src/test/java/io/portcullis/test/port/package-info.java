/** Ports on real Linux devices, in namespaces of the tests' own. */
package io.portcullis.test.port;
