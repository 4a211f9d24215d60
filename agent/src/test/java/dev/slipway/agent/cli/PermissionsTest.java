package dev.slipway.agent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;

/** Which permission requests are answered without asking a person. */
class PermissionsTest {
    private static JsonNode request(String kind) throws Exception {
        return new ObjectMapper().readTree("""
                {"toolCall":{"kind":"%s"},"options":[{"optionId":"a","kind":"allow_always"},{"optionId":"b","kind":"allow_once"},
                {"optionId":"c","kind":"reject_once"}]}""".formatted(kind));
    }

    @Test
    void askAnswersNothing() throws Exception {
        assertThat(Permissions.ASK.answer(request("edit"))).isEmpty();
    }

    @Test
    void editsAnswersEditsOnly() throws Exception {
        assertThat(Permissions.EDITS.answer(request("edit"))).contains("b");
        assertThat(Permissions.EDITS.answer(request("execute"))).isEmpty();
    }

    @Test
    void allAnswersWithOnceBecauseAlwaysWritesIntoTheWorkTree() throws Exception {
        assertThat(Permissions.ALL.answer(request("execute"))).contains("b");
    }

    @Test
    void leavingPlanModeIsAlwaysAsked() throws Exception {
        assertThat(Permissions.ALL.answer(request("switch_mode"))).isEmpty();
    }
}
