/** Captures of what passes interfaces: workers copy packets into rings of their own, one reader writes pcapng. */
@org.jspecify.annotations.NullMarked
package io.portcullis.core.capture;
