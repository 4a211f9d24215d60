package dev.slipway.session.transcript;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What an agent asks by ACP's {@code elicitation/create} (mode {@code form}): a message and fields, whose JSON schema says which
 * answers there are.
 */
public final class AgentQuestion {
    /** ACP's name of the request. */
    public static final String METHOD = "elicitation/create";

    private static final int ANSWER_LENGTH_MAX = 10_000;

    private final String message;
    private final List<Field> fields;

    private AgentQuestion(String message, List<Field> fields) {
        this.message = message;
        this.fields = List.copyOf(fields);
    }

    private record Field(String id, String type, boolean required, Map<String, Object> shown, List<Object> values) {}

    /** Reads the parameters of the request. */
    public static AgentQuestion of(Map<String, Object> params) {
        Map<String, Object> schema = Tree.object(params, "requestedSchema");
        Map<String, Object> properties = Tree.object(schema, "properties");
        Set<String> required = schema.get("required") instanceof List<?> list
                ? list.stream().map(String::valueOf).collect(Collectors.toSet())
                : Set.of();
        List<Field> fields = properties.keySet().stream()
                .map(id -> field(id, Tree.object(properties, id), required.contains(id)))
                .toList();
        return new AgentQuestion(
                Objects.requireNonNullElse(Tree.text(params, "message"), "The agent has a question."), fields);
    }

    private static Field field(String id, Map<String, Object> property, boolean required) {
        String type = Objects.requireNonNullElse(Tree.text(property, "type"), "string");
        List<Map<String, Object>> options = options(type.equals("array") ? Tree.object(property, "items") : property);
        Map<String, Object> shown = Chunk.object(
                "id",
                id,
                "type",
                options.isEmpty() ? type : type.equals("array") ? "multiple" : "choice",
                "header",
                Tree.text(property, "title"),
                "question",
                Tree.text(property, "description"),
                "required",
                required,
                "options",
                options.isEmpty() ? null : options);
        return new Field(
                id,
                type,
                required,
                shown,
                options.stream().map(option -> option.get("optionId")).toList());
    }

    private static List<Map<String, Object>> options(Map<String, Object> property) {
        List<Map<String, Object>> named = Stream.of("oneOf", "anyOf")
                .flatMap(name -> Tree.objects(property, name).stream())
                .map(option -> Chunk.object(
                        "optionId",
                        option.get("const"),
                        "name",
                        Objects.requireNonNullElse(Tree.text(option, "title"), String.valueOf(option.get("const"))),
                        "description",
                        Tree.text(option, "description")))
                .toList();
        if (!named.isEmpty() || !(property.get("enum") instanceof List<?> values)) {
            return named;
        }
        return values.stream()
                .map(value -> Chunk.object("optionId", value, "name", String.valueOf(value)))
                .toList();
    }

    /** The question in a sentence. */
    public String message() {
        return message;
    }

    /** The fields for viewers: id, type, header, question, required, options. */
    List<Map<String, Object>> shown() {
        return fields.stream().map(Field::shown).toList();
    }

    /** The options, if there is but one choice to make. */
    List<Object> options() {
        return choice().map(field -> List.<Object>copyOf(Tree.objects(field.shown(), "options")))
                .orElse(List.of());
    }

    /** The answers that a choice of one option stands for; nothing if there is more than one choice, or no such option. */
    public Optional<Map<String, Object>> chosen(String optionId) {
        return choice().filter(field -> field.values().contains(optionId)).map(field -> Map.of(field.id(), optionId));
    }

    private Optional<Field> choice() {
        List<Field> choices = fields.stream()
                .filter(field -> "choice".equals(field.shown().get("type")))
                .toList();
        boolean single =
                choices.size() == 1 && fields.stream().noneMatch(field -> field.required() && !choices.contains(field));
        return single ? Optional.of(choices.getFirst()) : Optional.empty();
    }

    /** What is wrong with these answers, field by field; null if nothing is. */
    public @Nullable String fault(Map<String, Object> answers) {
        List<String> faults = new ArrayList<>();
        for (String id : answers.keySet()) {
            if (fields.stream().noneMatch(field -> field.id().equals(id))) {
                faults.add(id + ": unknown (expected: one of "
                        + fields.stream().map(Field::id).toList() + ")");
            }
        }
        for (Field field : fields) {
            Object answer = answers.get(field.id());
            if (answer == null && field.required()) {
                faults.add(field.id() + ": missing");
            } else if (answer != null && !fits(field, answer)) {
                faults.add(field.id() + ": " + answer + " (expected: "
                        + (field.values().isEmpty() ? field.type() : "one of " + field.values()) + ")");
            }
        }
        return faults.isEmpty() ? null : String.join("; ", faults);
    }

    private static boolean fits(Field field, Object answer) {
        return switch (field.type()) {
            case "boolean" -> answer instanceof Boolean;
            case "number", "integer" -> answer instanceof Number;
            case "array" ->
                answer instanceof List<?> list
                        && (field.values().isEmpty() || field.values().containsAll(list));
            default ->
                answer instanceof String text
                        && text.length() <= ANSWER_LENGTH_MAX
                        && (field.values().isEmpty() || field.values().contains(text));
        };
    }
}
