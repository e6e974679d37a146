/** Datagrams put together from their fragments, so that policies and tunnels see them whole. */
@org.jspecify.annotations.NullMarked
package io.portcullis.core.fragment;
