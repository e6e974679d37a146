/** The benchmark's own parts. */
package io.portcullis.test.bench;
