/** The demonstration that needs no rights. */
package io.portcullis.test.demo;
