/**
 * FTP as it is seen from between client and server (RFC 959, RFC 2428): which lines of a control connection say where a
 * data connection is to be made, and how such lines are replaced in a stream of segments.
 */
@org.jspecify.annotations.NullMarked
package io.portcullis.core.ftp;
