package dev.slipway.credential.store;

import dev.slipway.credential.store.CredentialView.CredentialList;
import dev.slipway.credential.store.CredentialView.Gone;
import dev.slipway.kit.identity.Caller;
import dev.slipway.kit.identity.Role;
import dev.slipway.kit.paging.Paging;
import dev.slipway.kit.problem.ProblemException;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Delete;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import org.jspecify.annotations.Nullable;

/** Credentials for users: members see that they are there, admins change them, nobody reads a secret. */
@ExecuteOn(TaskExecutors.BLOCKING)
@Controller("/internal/projects/{project}/credentials")
class CredentialController {
    private final CredentialService credentials;
    private final CredentialStore store;

    CredentialController(CredentialService credentials, CredentialStore store) {
        this.credentials = credentials;
        this.store = store;
    }

    @Get
    CredentialList list(
            String project, @QueryValue @Nullable Integer limit, @QueryValue @Nullable String cursor, Caller caller) {
        caller.require(Role.MEMBER);
        int size = Paging.limit(limit);
        Paging.Page<Credential> page =
                Paging.page(store.list(project, Paging.position(cursor), size + 1), size, Credential::provider);
        return new CredentialList(page.items().stream().map(CredentialView::of).toList(), page.nextCursor());
    }

    @Post
    CredentialView store(String project, @Body NewCredential body, Caller caller) {
        caller.require(Role.ADMIN);
        return CredentialView.of(credentials.store(project, Draft.of(body)));
    }

    @Get("/providers")
    ProviderView.ProviderList providers(String project, Caller caller) {
        caller.require(Role.MEMBER);
        return ProviderView.ProviderList.all();
    }

    @Get("/{provider}")
    CredentialView show(String project, String provider, Caller caller) {
        caller.require(Role.MEMBER);
        return store.find(project, provider)
                .map(CredentialView::of)
                .orElseThrow(() -> ProblemException.notFound("credential"));
    }

    @Delete("/{provider}")
    Gone delete(String project, String provider, Caller caller) {
        caller.require(Role.ADMIN);
        credentials.delete(project, provider);
        return new Gone("deleted");
    }
}
