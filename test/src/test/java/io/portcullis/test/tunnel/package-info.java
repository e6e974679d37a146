/** The real product between real hosts and real peers. */
package io.portcullis.test.tunnel;
