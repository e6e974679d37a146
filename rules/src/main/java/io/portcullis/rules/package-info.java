/**
 * What may pass: access rules, IP policies and the services and translations they name, and their
 * compilation into the look-up that the pipeline asks once per new connection.
 */
@org.jspecify.annotations.NullMarked
package io.portcullis.rules;
