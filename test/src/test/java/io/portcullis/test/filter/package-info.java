/** What the Common Criteria asks of a stateful traffic filter, requirement by requirement. */
package io.portcullis.test.filter;
