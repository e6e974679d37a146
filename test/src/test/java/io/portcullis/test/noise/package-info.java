/** What anybody on the wire may send. */
package io.portcullis.test.noise;
