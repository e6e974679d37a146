/** Logical interfaces: what policies and routes name, and what packets enter and leave by. */
@org.jspecify.annotations.NullMarked
package io.portcullis.core.iface;
