package dev.slipway.gateway.project;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.gateway.Client;
import dev.slipway.gateway.Client.Answer;
import dev.slipway.gateway.Gateways;
import dev.slipway.gateway.sql.Database;
import io.micronaut.runtime.server.EmbeddedServer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** How somebody becomes a member of a project, and stops being one. */
class MembersTest {
    private static EmbeddedServer gateway;
    private static Client admin;
    private static Database database;

    @BeforeAll
    static void start() {
        gateway = Gateways.withLogin("http://127.0.0.1:1", Map.of());
        database = gateway.getApplicationContext().getBean(Database.class);
        admin = Client.nobody(gateway).register("the-admin", "first");
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    private static String newName() {
        return "user-" + UUID.randomUUID().toString().substring(0, 8);
    }

    private static Client register(String name) {
        String code = admin.post("/api/admin/invite-codes", "{\"maxUses\":1}").field("code");
        return Client.nobody(gateway).register(name, code);
    }

    private static String project(Client owner) {
        return owner.post("/api/projects", "{\"name\":\"Ours\"}").field("id");
    }

    private static Answer invite(Client owner, String project, String name, String role) {
        return owner.post(
                "/api/projects/" + project + "/invitations",
                "{\"email\":\"" + name + "@example.com\",\"role\":\"" + role + "\"}");
    }

    private static String accept(String invitation) {
        return "/api/invitations/" + invitation + "/accept";
    }

    private static String id(Client client) {
        return client.get("/auth/me").field("id");
    }

    @Test
    void anInvitationIsForItsAddressOnceAndItsTokenIsKeptNowhere() {
        Client owner = register(newName());
        String project = project(owner);
        String name = newName();
        Client invited = register(name);
        Answer made = invite(owner, project, name, "member");
        String token = made.field("token");

        assertThat(made.status()).isEqualTo(201);
        assertThat(owner.get("/api/projects/" + project + "/invitations").body())
                .contains(name)
                .doesNotContain(token);
        assertThat(database.list("SELECT i::text AS row FROM invitation i", row -> row.getString("row")))
                .noneMatch(row -> row.contains(token));
        assertThat(register(newName()).post(accept(token), "").status()).isEqualTo(404);
        assertThat(invited.get("/api/projects/" + project).status()).isEqualTo(404);
        assertThat(invited.post(accept(token), "").status()).isEqualTo(200);
        assertThat(invited.get("/api/projects/" + project).status()).isEqualTo(200);
        assertThat(invited.post(accept(token), "").status()).isEqualTo(410);
    }

    @Test
    void anInvitationEndsAfterSevenDaysOrWhenItIsWithdrawn() {
        Client owner = register(newName());
        String project = project(owner);
        String name = newName();
        Client invited = register(name);
        Answer old = invite(owner, project, name, "member");
        Answer withdrawn = invite(owner, project, name, "member");

        assertThat(database.list(
                        "SELECT (expires_at - created_at > interval '6 days 23 hours' AND expires_at - created_at < "
                                + "interval '7 days 1 hour')::text AS week FROM invitation WHERE id = '"
                                + old.field("id") + "'",
                        row -> row.getString("week")))
                .containsExactly("true");
        database.change("UPDATE invitation SET expires_at = now() - interval '1 second' WHERE id = ?", old.field("id"));
        owner.delete("/api/projects/" + project + "/invitations/" + withdrawn.field("id"));

        assertThat(invited.post(accept(old.field("token")), "").status()).isEqualTo(410);
        assertThat(invited.post(accept(withdrawn.field("token")), "").status()).isEqualTo(404);
    }

    @Test
    void ofManyWhoAcceptAtOnceOneDoes() throws Exception {
        Client owner = register(newName());
        String project = project(owner);
        String name = newName();
        Client invited = register(name);
        String token = invite(owner, project, name, "member").field("token");

        List<Integer> answers = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<CompletableFuture<Integer>> asked = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                asked.add(CompletableFuture.supplyAsync(
                        () -> invited.post(accept(token), "").status(), threads));
            }
            for (CompletableFuture<Integer> one : asked) {
                answers.add(one.get());
            }
        }

        assertThat(answers).filteredOn(status -> status == 200).hasSize(1);
        assertThat(answers).filteredOn(status -> status == 410).hasSize(19);
    }

    @Test
    void whoIsAMemberAlreadyKeepsTheRole() {
        String name = newName();
        Client owner = register(name);
        String project = project(owner);
        String token = invite(owner, project, name, "member").field("token");

        assertThat(owner.post(accept(token), "").body()).contains("\"role\":\"owner\"");
    }

    @Test
    void theLastOwnerStays() throws Exception {
        Client owner = register(newName());
        String project = project(owner);
        String members = "/api/projects/" + project + "/members/";
        assertThat(owner.delete(members + id(owner)).status()).isEqualTo(409);
        assertThat(owner.put(members + id(owner), "{\"role\":\"member\"}").status())
                .isEqualTo(409);
        String name = newName();
        Client second = register(name);
        second.post(accept(invite(owner, project, name, "owner").field("token")), "");

        List<Integer> answers = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<CompletableFuture<Integer>> leaving = new ArrayList<>();
            for (Client one : List.of(owner, second)) {
                String itself = members + id(one);
                leaving.add(
                        CompletableFuture.supplyAsync(() -> one.delete(itself).status(), threads));
            }
            for (CompletableFuture<Integer> one : leaving) {
                answers.add(one.get());
            }
        }

        assertThat(answers).containsExactlyInAnyOrder(204, 409);
    }
}
