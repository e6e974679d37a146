package io.portcullis.core.config;

import io.portcullis.core.net.IpAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** What a property can hold, and its text form in commands. Parse and print are inverse to each other. */
public sealed interface ValueType {
    /** Typed instead of a value: the property shall have none. */
    String EMPTY = "<empty>";

    /** Shown in place of a secret. */
    String HIDDEN = "********";

    /** The value of this text. @throws ConfigError saying what was given and what is allowed */
    Object parse(String text);

    /** Text that {@link #parse} reads back. */
    default String print(Object value) {
        return value.toString();
    }

    /** What may be typed: "Yes or No", "a number from 60 to 86400". */
    String allowed();

    /** The words that may be typed, where they are few and known. */
    default List<String> words() {
        return List.of();
    }

    /** The value of a property that is neither given nor has a default, if the type has one that means nothing. */
    default Optional<Object> zero() {
        return Optional.empty();
    }

    /** Whether {@code <empty>} and no text at all are values of this type. */
    default boolean canBeEmpty() {
        return false;
    }

    /** Whether values must not be shown. */
    default boolean secret() {
        return false;
    }

    /** Whether values may name other objects. */
    default boolean refers() {
        return false;
    }

    private static ConfigError refused(String text, ValueType type) {
        return new ConfigError("\"" + shortened(text) + "\" is not " + type.allowed());
    }

    private static String shortened(String text) {
        return text.length() <= 80 ? text : text.substring(0, 80) + "…";
    }

    /** Any text without control characters. */
    record Text() implements ValueType {
        /** Longest text accepted: a certificate or a banner fits, a mistake does not fill the memory. */
        static final int LONGEST = 65_536;

        @Override
        public Object parse(String text) {
            if (text.equals(EMPTY)) {
                return "";
            }
            boolean control = text.chars().anyMatch(c -> (c < ' ' && c != '\n' && c != '\t' && c != '\r') || c == 127);
            if (control || text.length() > LONGEST) {
                throw refused(text, this);
            }
            return text;
        }

        @Override
        public boolean canBeEmpty() {
            return true;
        }

        @Override
        public String allowed() {
            return "text of at most " + LONGEST + " characters, none of them a control character";
        }

        @Override
        public Optional<Object> zero() {
            return Optional.of("");
        }
    }

    /** The name of an object. */
    record Name(boolean mayBeEmpty) implements ValueType {
        @Override
        public Object parse(String text) {
            if (mayBeEmpty && (text.isEmpty() || text.equals(EMPTY))) {
                return "";
            }
            if (!AddressSyntax.NAME.matcher(text).matches() || AddressSyntax.isLiteral(text)) {
                throw refused(text, this);
            }
            // An object without a name is told by its index, so a number cannot be a name beside it.
            if (mayBeEmpty && text.chars().allMatch(Character::isDigit)) {
                throw new ConfigError("\"" + text + "\" is a number, and numbers tell objects without a name apart");
            }
            return text;
        }

        @Override
        public boolean canBeEmpty() {
            return mayBeEmpty;
        }

        @Override
        public String allowed() {
            return "a name: up to 64 letters, digits and _ . + @ - without blanks, not an address";
        }

        @Override
        public Optional<Object> zero() {
            return mayBeEmpty ? Optional.of("") : Optional.empty();
        }
    }

    /** Yes or No. */
    record YesNo() implements ValueType {
        @Override
        public Object parse(String text) {
            return switch (text.toLowerCase(Locale.ROOT)) {
                case "yes", "true" -> true;
                case "no", "false" -> false;
                default -> throw refused(text, this);
            };
        }

        @Override
        public String print(Object value) {
            return (Boolean) value ? "Yes" : "No";
        }

        @Override
        public String allowed() {
            return "Yes or No";
        }

        @Override
        public List<String> words() {
            return List.of("Yes", "No");
        }

        @Override
        public Optional<Object> zero() {
            return Optional.of(false);
        }
    }

    /**
     * A whole number.
     *
     * @param min lowest allowed
     * @param max highest allowed
     * @param wide whether the component is a long
     */
    record WholeNumber(long min, long max, boolean wide) implements ValueType {
        @Override
        public Object parse(String text) {
            long value;
            try {
                value = Long.parseLong(text);
            } catch (NumberFormatException e) {
                throw refused(text, this);
            }
            if (value < min || value > max) {
                throw refused(text, this);
            }
            return wide ? (Object) value : (Object) (int) value;
        }

        @Override
        public String allowed() {
            return "a number from " + min + " to " + max;
        }
    }

    /** One of an enum's constants, by what they print; letters in any case. */
    record Word(List<Enum<?>> constants) implements ValueType {
        @Override
        public Object parse(String text) {
            for (Enum<?> constant : constants) {
                if (constant.toString().equalsIgnoreCase(text)) {
                    return constant;
                }
            }
            throw refused(text, this);
        }

        @Override
        public String allowed() {
            return "one of " + String.join(", ", words());
        }

        @Override
        public List<String> words() {
            return constants.stream().map(Enum::toString).toList();
        }
    }

    /** An address expression; names in it are looked up in the Address category when the configuration is checked. */
    record AddressExpression(List<String> words) implements ValueType {
        @Override
        public Object parse(String text) {
            List<String> parts = new ArrayList<>();
            for (String part : split(text)) {
                Optional<String> word =
                        words.stream().filter(part::equalsIgnoreCase).findFirst();
                if (word.isEmpty() && !AddressSyntax.isLiteral(part) && !AddressSyntax.mayBeName(part)) {
                    throw refused(part, this);
                }
                parts.add(word.orElse(part));
            }
            if (parts.isEmpty()) {
                throw refused(text, this);
            }
            return new Addresses(List.copyOf(parts));
        }

        @Override
        public boolean refers() {
            return true;
        }

        @Override
        public String allowed() {
            return "an address, a network such as 192.0.2.0/24, a range first-last, dns:host or an address object"
                    + (words.isEmpty() ? "" : ", or " + String.join(", ", words));
        }
    }

    /** A reference to another object. */
    record Reference(List<Class<? extends Record>> to, String category, List<String> words) implements ValueType {
        @Override
        public Object parse(String text) {
            Optional<String> word =
                    words.stream().filter(text::equalsIgnoreCase).findFirst();
            if (word.isEmpty() && !AddressSyntax.NAME.matcher(text).matches()) {
                throw refused(text, this);
            }
            return new Ref(word.orElse(text));
        }

        @Override
        public boolean refers() {
            return true;
        }

        @Override
        public String allowed() {
            String what = category.isEmpty()
                    ? to.stream().map(Schema::typeName).collect(Collectors.joining(" or "))
                    : category;
            return "the name of an object: " + what + (words.isEmpty() ? "" : ", or " + String.join(", ", words));
        }
    }

    /** A password or key. */
    record SecretText() implements ValueType {
        @Override
        public Object parse(String text) {
            if (text.equals(HIDDEN)) {
                throw new ConfigError("asterisks stand for a secret that is not shown; give the secret itself");
            }
            if (text.length() > Text.LONGEST) {
                throw new ConfigError("the secret is longer than " + Text.LONGEST + " characters");
            }
            return new Secret(text);
        }

        @Override
        public String print(Object value) {
            return ((Secret) value).reveal();
        }

        @Override
        public String allowed() {
            return "a secret text";
        }

        @Override
        public boolean secret() {
            return true;
        }
    }

    /** One address. */
    record IpLiteral() implements ValueType {
        @Override
        public Object parse(String text) {
            return IpAddress.parse(text).orElseThrow(() -> refused(text, this));
        }

        @Override
        public String allowed() {
            return "an IPv4 or IPv6 address";
        }
    }

    /** Several values with commas between them; a comma inside a value has a backslash before it. */
    record ListOf(ValueType element) implements ValueType {
        @Override
        public Object parse(String text) {
            if (text.equals(EMPTY)) {
                return List.of();
            }
            return split(text).stream().map(element::parse).toList();
        }

        @Override
        public String print(Object value) {
            return ((List<?>) value)
                    .stream()
                            .map(element::print)
                            .map(text -> text.replace("\\", "\\\\").replace(",", "\\,"))
                            .collect(Collectors.joining(","));
        }

        @Override
        public boolean canBeEmpty() {
            return true;
        }

        @Override
        public String allowed() {
            return "a list with commas, each " + element.allowed();
        }

        @Override
        public List<String> words() {
            return element.words();
        }

        @Override
        public Optional<Object> zero() {
            return Optional.of(List.of());
        }

        @Override
        public boolean secret() {
            return element.secret();
        }

        @Override
        public boolean refers() {
            return element.refers();
        }
    }

    /** The parts between commas, blanks around them removed; nothing at all is no part. */
    private static List<String> split(String text) {
        List<String> parts = new ArrayList<>();
        StringBuilder part = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\' && i + 1 < text.length() && (text.charAt(i + 1) == ',' || text.charAt(i + 1) == '\\')) {
                part.append(text.charAt(++i));
            } else if (c == ',') {
                parts.add(part.toString().strip());
                part.setLength(0);
            } else {
                part.append(c);
            }
        }
        parts.add(part.toString().strip());
        return parts.equals(List.of("")) ? List.of() : parts;
    }

    /** The type of an enum's constants. */
    static ValueType wordsOf(Class<?> enumClass) {
        return new Word(Arrays.stream(enumClass.getEnumConstants())
                .<Enum<?>>map(constant -> (Enum<?>) constant)
                .toList());
    }
}
