package io.portcullis.hostmon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpTest {
    private final List<Long> found = new ArrayList<>();

    @ParameterizedTest
    @CsvSource({
        "http://www.example.com, www.example.com, 80, /",
        "http://www.example.com:8080/status?of=db&x, www.example.com:8080, 8080, /status?of=db&x",
        "http://[2001:db8::1]:81/, [2001:db8::1]:81, 81, /",
        "http://192.0.2.7/a, 192.0.2.7, 80, /a"
    })
    void takesAddressesApart(String url, String authority, int port, String path) {
        HttpPage page = HttpPage.parse(url, "").orElseThrow();
        assertEquals(authority, page.authority());
        assertEquals(port, page.port());
        assertEquals(path, page.path());
        assertEquals(
                "GET " + path + " HTTP/1.0\r\nHost: " + authority
                        + "\r\nUser-Agent: Portcullis\r\nConnection: close\r\n\r\n",
                new String(page.request(), StandardCharsets.US_ASCII));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "www.example.com",
                "https://www.example.com/",
                "http:///x",
                "http://host:0/",
                "http://host:65536/",
                "http://host/a b",
                "http://host/\r\nX: y",
                "http://host/a#b",
                "http://user@host/",
                "http://hostä/"
            })
    void refusesOthers(String url) {
        assertTrue(HttpPage.parse(url, "").isEmpty(), url);
    }

    @Test
    void aRequestIsOneSegment() {
        assertTrue(HttpPage.parse("http://h/" + "x".repeat(400), "").isPresent());
        assertFalse(HttpPage.parse("http://h/" + "x".repeat(500), "").isPresent());
    }

    @Test
    void findsATextAcrossSegments() {
        HttpAnswer answer = new HttpAnswer("Database OK", found::add);
        assertFalse(hears(answer, "HTTP/1.0 200 OK\r\n\r\nDatabase Database O", 5));
        assertEquals(List.of(), found);
        assertTrue(hears(answer, "K\n", 9));
        assertEquals(List.of(9L), found);
    }

    @Test
    void anyAnswerWillDoWithoutAText() {
        assertTrue(hears(new HttpAnswer("", found::add), "H", 3));
        assertEquals(List.of(3L), found);
    }

    @Test
    void readsSoMuchAndNoMore() {
        HttpAnswer answer = new HttpAnswer("needle", found::add);
        assertFalse(hears(answer, "x".repeat(HttpAnswer.MOST - 3), 1));
        assertTrue(hears(answer, "needle", 2), "has heard enough");
        assertEquals(List.of(), found);
    }

    private static boolean hears(HttpAnswer answer, String text, long sinceOpening) {
        byte[] octets = ("...." + text).getBytes(StandardCharsets.US_ASCII);
        return answer.received(MemorySegment.ofArray(octets), 4, text.length(), sinceOpening);
    }
}
