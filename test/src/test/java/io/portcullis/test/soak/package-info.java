/** What only time shows: nothing is lost, nothing grows, nothing pauses. */
package io.portcullis.test.soak;
