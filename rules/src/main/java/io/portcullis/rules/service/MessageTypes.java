package io.portcullis.rules.service;

import java.util.ArrayList;
import java.util.List;

/** Which messages an ICMP service is about. */
public enum MessageTypes {
    ALL("All"),
    SPECIFIC("Specific");

    /** Highest message type and code. */
    static final int MOST = 255;

    static final String ANY_CODE = "0-255";

    private final String word;

    MessageTypes(String word) {
        this.word = word;
    }

    /**
     * What a service lets through.
     *
     * @param numbers message types
     * @param codes of each of them; heeded like the types with SPECIFIC only
     */
    List<ServiceTerm> terms(int protocol, String numbers, String codes) {
        if (this == ALL) {
            return List.of(ServiceTerm.protocols(protocol, protocol));
        }
        List<ServiceTerm> terms = new ArrayList<>();
        for (NumberSet.Range types : NumberSet.parse("", numbers, MOST).ranges()) {
            if (codes.equals(ANY_CODE)) {
                terms.add(term(protocol, types.first() << 8, types.last() << 8 | MOST));
                continue;
            }
            for (int type = types.first(); type <= types.last(); type++) {
                for (NumberSet.Range range : NumberSet.parse("", codes, MOST).ranges()) {
                    terms.add(term(protocol, type << 8 | range.first(), type << 8 | range.last()));
                }
            }
        }
        return terms;
    }

    private static ServiceTerm term(int protocol, int first, int last) {
        return new ServiceTerm(protocol, protocol, 0, ServiceTerm.MOST, first, last);
    }

    @Override
    public String toString() {
        return word;
    }
}
