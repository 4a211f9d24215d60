package dev.slipway.session.offer;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.slipway.session.transcript.Tree;
import io.micronaut.serde.annotation.Serdeable;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What an agent offers, in one shape, whichever of ACP's three ways it says it in. */
@Serdeable
@JsonInclude(JsonInclude.Include.ALWAYS)
record OfferView(
        List<Choice> models,
        @Nullable String model,
        List<Choice> modes,
        @Nullable String mode,
        List<Choice> reasoning,
        @Nullable String reasoningLevel) {

    /** One of several values. */
    @Serdeable
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record Choice(String id, String name, @Nullable String description) {}

    static OfferView of(Map<String, Object> offer) {
        Map<String, Object> models = Tree.object(offer, "models");
        Map<String, Object> modes = Tree.object(offer, "modes");
        List<Map<String, Object>> options = Tree.objects(offer, "configOptions");
        List<Choice> listed = choices(Tree.objects(models, "availableModels"), "modelId");
        List<Choice> listedModes = choices(Tree.objects(modes, "availableModes"), "id");
        return new OfferView(
                listed.isEmpty() ? choicesOf(options, "model") : listed,
                first(Tree.text(models, "currentModelId"), current(options, "model")),
                Stream.concat(
                                (listedModes.isEmpty() ? choicesOf(options, "mode") : listedModes).stream(),
                                choicesOf(options, "collaboration_mode").stream())
                        .toList(),
                first(
                        Tree.text(offer, "currentModeId"),
                        first(Tree.text(modes, "currentModeId"), current(options, "mode"))),
                choicesOf(options, "thought_level"),
                current(options, "thought_level"));
    }

    private static List<Choice> choices(List<Map<String, Object>> values, String idField) {
        return values.stream().map(value -> choice(value, idField)).toList();
    }

    /** The values of the options of a category; groups are flattened. */
    private static List<Choice> choicesOf(List<Map<String, Object>> options, String category) {
        return options.stream()
                .filter(option -> category.equals(option.get("category")))
                .flatMap(option -> flat(Tree.objects(option, "options")))
                .map(value -> choice(value, "value"))
                .toList();
    }

    private static Stream<Map<String, Object>> flat(List<Map<String, Object>> values) {
        return values.stream()
                .flatMap(value ->
                        value.containsKey("options") ? flat(Tree.objects(value, "options")) : Stream.of(value));
    }

    private static Choice choice(Map<String, Object> value, String idField) {
        String id = String.valueOf(value.get(idField));
        return new Choice(
                id, Objects.requireNonNullElse(Tree.text(value, "name"), id), Tree.text(value, "description"));
    }

    private static @Nullable String current(List<Map<String, Object>> options, String category) {
        return options.stream()
                .filter(option -> category.equals(option.get("category")))
                .map(option -> Tree.text(option, "currentValue"))
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    private static @Nullable String first(@Nullable String one, @Nullable String other) {
        return one == null ? other : one;
    }
}
