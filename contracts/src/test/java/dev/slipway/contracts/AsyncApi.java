package dev.slipway.contracts;

import dev.slipway.contracts.event.LifecycleEvent;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Writes the AsyncAPI 3.0 description of the lifecycle topic, each event's JSON Schema made from its record. */
final class AsyncApi {
    private final Map<String, Class<?>> shared = new TreeMap<>();

    static String document() {
        return new AsyncApi().write();
    }

    private String write() {
        StringBuilder messages = new StringBuilder();
        StringBuilder components = new StringBuilder();
        for (Class<? extends LifecycleEvent> event : EventCatalogue.all()) {
            String type = LifecycleEvent.typeOf(event);
            String name = type.substring(LifecycleEvent.TYPE_PREFIX.length());
            messages.append("      ")
                    .append(name)
                    .append(": {$ref: '#/components/messages/")
                    .append(name)
                    .append("'}\n");
            components.append("    ").append(name).append(":\n");
            components.append("      name: ").append(type).append('\n');
            components.append("      contentType: application/json\n");
            components.append("      headers: {$ref: '#/components/schemas/CloudEventHeaders'}\n");
            components.append("      payload:\n");
            object(components, event, "        ");
        }
        StringBuilder schemas = new StringBuilder();
        List<String> written = new ArrayList<>();
        while (written.size() < shared.size()) {
            for (Map.Entry<String, Class<?>> entry : List.copyOf(shared.entrySet())) {
                if (!written.contains(entry.getKey())) {
                    written.add(entry.getKey());
                    schemas.append("    ").append(entry.getKey()).append(":\n");
                    object(schemas, entry.getValue(), "      ");
                }
            }
        }
        return """
                # Generated from the records in contracts/; a test keeps it true. To write it anew:
                #   ./mvnw -pl contracts test -Dtest=EventDocumentsTest -Dslipway.test.jvm=-Dslipway.write=true
                asyncapi: 3.0.0
                info:
                  title: Slipway lifecycle events
                  version: 0.1.0
                  description: >-
                    CloudEvents 1.0 in binary mode. At least once; in order per subject. Unknown types and fields are to be ignored.
                channels:
                  lifecycle:
                    address: %s
                    bindings: {kafka: {partitions: %d, key: {type: string, description: the project's id}}}
                    messages:
                %soperations:
                  receive: {action: receive, channel: {$ref: '#/channels/lifecycle'}}
                components:
                  messages:
                %s  schemas:
                    CloudEventHeaders:
                      type: object
                      required: [ce_specversion, ce_id, ce_source, ce_type, ce_subject, ce_seq, ce_time, ce_projectid]
                      properties:
                        ce_specversion: {const: '1.0'}
                        ce_id: {type: string, format: uuid}
                        ce_source: {type: string}
                        ce_type: {type: string}
                        ce_subject: {type: string, description: the resource's id}
                        ce_seq: {type: string, description: 'the position in the subject''s own sequence, from 1'}
                        ce_time: {type: string, format: date-time}
                        ce_projectid: {type: string}
                        ce_traceparent: {type: string}
                %s""".formatted(LifecycleEvent.TOPIC, LifecycleEvent.PARTITIONS, messages, components, schemas);
    }

    private void object(StringBuilder out, Class<?> type, String indent) {
        RecordComponent[] fields = type.getRecordComponents();
        out.append(indent).append("type: object\n");
        List<String> required = new ArrayList<>();
        for (RecordComponent field : fields) {
            if (!isNullable(field)) {
                required.add(field.getName());
            }
        }
        out.append(indent)
                .append("required: [")
                .append(String.join(", ", required))
                .append("]\n");
        out.append(indent).append("properties:\n");
        for (RecordComponent field : fields) {
            out.append(indent)
                    .append("  ")
                    .append(field.getName())
                    .append(": ")
                    .append(schema(field.getGenericType()))
                    .append('\n');
        }
    }

    private String schema(Type type) {
        if (type instanceof ParameterizedType generic) {
            Type[] arguments = generic.getActualTypeArguments();
            return generic.getRawType() == List.class
                    ? "{type: array, items: " + schema(arguments[0]) + "}"
                    : "{type: object, additionalProperties: " + schema(arguments[1]) + "}";
        }
        if (!(type instanceof Class<?> plain)) {
            throw new IllegalArgumentException(type + ": no schema for this kind of type");
        }
        if (plain.isEnum()) {
            return "{enum: " + List.of(plain.getEnumConstants()) + "}";
        }
        if (plain.isRecord()) {
            shared.put(plain.getSimpleName(), plain);
            return "{$ref: '#/components/schemas/" + plain.getSimpleName() + "'}";
        }
        return simple(plain);
    }

    private static String simple(Class<?> type) {
        if (type == String.class) {
            return "{type: string}";
        }
        if (type == Instant.class) {
            return "{type: string, format: date-time}";
        }
        if (type == boolean.class || type == Boolean.class) {
            return "{type: boolean}";
        }
        if (type == double.class || type == Double.class) {
            return "{type: number}";
        }
        if (type == int.class || type == Integer.class || type == long.class || type == Long.class) {
            return "{type: integer}";
        }
        if (type == Object.class) {
            return "{}";
        }
        throw new IllegalArgumentException(type + ": no schema for this class");
    }

    private static boolean isNullable(RecordComponent field) {
        return field.getAnnotatedType().isAnnotationPresent(Nullable.class);
    }
}
