/** Configuration objects declared once, and everything that is derived from the declarations. */
@org.jspecify.annotations.NullMarked
package io.portcullis.core.config;
