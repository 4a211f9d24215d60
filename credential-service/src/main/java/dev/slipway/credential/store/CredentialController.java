package dev.slipway.credential.store;

import dev.slipway.credential.store.CredentialView.CredentialList;
import dev.slipway.credential.store.CredentialView.Gone;
import dev.slipway.kit.identity.Caller;
import dev.slipway.kit.identity.Role;
import dev.slipway.kit.paging.Paging;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Delete;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.Put;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import org.jspecify.annotations.Nullable;

/**
 * Credentials for users: members see the project's and have personal ones of their own, admins change the project's, nobody
 * reads a secret.
 */
@ExecuteOn(TaskExecutors.BLOCKING)
@Controller("/internal/projects/{project}/credentials")
class CredentialController {
    private final CredentialService credentials;
    private final CredentialStore store;
    private final CredentialLookup lookup;
    private final CredentialViews views;

    CredentialController(
            CredentialService credentials, CredentialStore store, CredentialLookup lookup, CredentialViews views) {
        this.credentials = credentials;
        this.store = store;
        this.lookup = lookup;
        this.views = views;
    }

    @Get
    CredentialList list(
            String project, @QueryValue @Nullable Integer limit, @QueryValue @Nullable String cursor, Caller caller) {
        caller.require(Role.MEMBER);
        int size = Paging.limit(limit);
        Paging.Page<Credential> page = Paging.page(
                store.visible(project, caller.userId(), Paging.position(cursor), size + 1),
                size,
                each -> each.provider() + " " + each.id());
        return new CredentialList(views.of(project, page.items(), caller.userId()), page.nextCursor());
    }

    @Post
    CredentialView store(String project, @Body NewCredential body, Caller caller) {
        caller.require(body.isPersonal() ? Role.MEMBER : Role.ADMIN);
        return views.of(credentials.store(project, Draft.of(body, caller.userId())), caller.userId());
    }

    @Get("/providers")
    ProviderView.ProviderList providers(String project, Caller caller) {
        caller.require(Role.MEMBER);
        return ProviderView.ProviderList.all();
    }

    @Get("/{provider}")
    CredentialView show(String project, String provider, @QueryValue @Nullable Boolean personal, Caller caller) {
        return views.of(lookup.toSee(project, provider, personal, caller), caller.userId());
    }

    @Put("/{provider}/scope")
    CredentialView limit(
            String project,
            String provider,
            @QueryValue @Nullable Boolean personal,
            @Body ScopeView body,
            Caller caller) {
        Credential found = lookup.toChange(project, provider, personal, caller);
        return views.of(credentials.limit(found, ScopeView.checked(body)), caller.userId());
    }

    @Delete("/{provider}")
    Gone delete(String project, String provider, @QueryValue @Nullable Boolean personal, Caller caller) {
        credentials.delete(lookup.toDelete(project, provider, personal, caller));
        return new Gone("deleted");
    }
}
