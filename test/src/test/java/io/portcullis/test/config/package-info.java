/** What the configuration promises across process boundaries. */
package io.portcullis.test.config;
