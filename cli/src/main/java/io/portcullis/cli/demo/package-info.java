/**
 * Two firewalls and two small hosts in one process, on wires that exist in memory only: what the product does, shown
 * without root and without touching the machine's network.
 */
@org.jspecify.annotations.NullMarked
package io.portcullis.cli.demo;
