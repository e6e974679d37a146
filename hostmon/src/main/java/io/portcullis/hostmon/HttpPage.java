package io.portcullis.hostmon;

import io.portcullis.core.tcp.TcpClient;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A page that a host is asked for (RFC 9110; by HTTP/1.0, so that the answer comes in one piece).
 *
 * @param authority host, and port if it is another than 80, as the request names them
 * @param port that is connected to
 * @param path with its query, begins with a slash
 * @param expected a text in the answer; empty when any answer will do
 */
public record HttpPage(String authority, int port, String path, String expected) {
    /** No page. */
    static final HttpPage NONE = new HttpPage("", 0, "/", "");

    static final int STANDARD_PORT = 80;

    private static final Pattern URL =
            Pattern.compile("http://((?:[A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+])(?::([0-9]{1,5}))?)(/[!-~&&[^#]]*)?");

    /** The page of an address such as {@code http://www.example.com:8080/status}; empty when it is none. */
    static Optional<HttpPage> parse(String url, String expected) {
        Matcher parts = URL.matcher(url);
        if (!parts.matches()) {
            return Optional.empty();
        }
        int port = parts.group(2) == null ? STANDARD_PORT : Integer.parseInt(parts.group(2));
        HttpPage page = new HttpPage(parts.group(1), port, parts.group(3) == null ? "/" : parts.group(3), expected);
        return port < 1 || port > 65_535 || page.request().length > TcpClient.MOST_REQUEST
                ? Optional.empty()
                : Optional.of(page);
    }

    byte[] request() {
        return ("GET " + path + " HTTP/1.0\r\nHost: " + authority
                        + "\r\nUser-Agent: Portcullis\r\nConnection: close\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }
}
