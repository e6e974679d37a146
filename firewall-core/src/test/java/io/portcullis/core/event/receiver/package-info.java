@org.jspecify.annotations.NullMarked
package io.portcullis.core.event.receiver;
