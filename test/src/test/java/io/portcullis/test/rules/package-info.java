/** What policies do, as hosts on both sides of the real product see it. */
package io.portcullis.test.rules;
