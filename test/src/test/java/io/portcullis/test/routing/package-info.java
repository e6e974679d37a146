/** Routes that fail and come back, in namespaces. */
package io.portcullis.test.routing;
