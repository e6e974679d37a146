/**
 * Who may pass: authentication rules, user databases, EAP and XAuth back ends, RADIUS and LDAP clients, and
 * the list of users who are logged in. Tunnels ask here; nothing here knows a tunnel.
 */
@org.jspecify.annotations.NullMarked
package io.portcullis.auth;
