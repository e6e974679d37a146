/**
 * The web interface: REST from the object declarations, live events, the web application.
 */
@org.jspecify.annotations.NullMarked
package io.portcullis.webui;
