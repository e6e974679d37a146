package io.portcullis.rules.service;

import java.util.ArrayList;
import java.util.List;

/** Which messages an ICMP service is about. */
public enum MessageTypes {
    ALL("All"),
    SPECIFIC("Specific");

    /** Highest message type. */
    static final int MOST = 255;

    private final String word;

    MessageTypes(String word) {
        this.word = word;
    }

    List<ServiceTerm> terms(int protocol, String numbers) {
        if (this == ALL) {
            return List.of(ServiceTerm.protocols(protocol, protocol));
        }
        List<ServiceTerm> terms = new ArrayList<>();
        for (NumberSet.Range range : NumberSet.parse("", numbers, MOST).ranges()) {
            terms.add(new ServiceTerm(
                    protocol, protocol, 0, ServiceTerm.MOST, range.first() << 8, range.last() << 8 | 0xff));
        }
        return terms;
    }

    @Override
    public String toString() {
        return word;
    }
}
