package dev.slipway.workspace.hosting;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;

/** A kind of site that hosts git repositories and takes pull requests through an API. */
public interface GitProvider {
    /** Its name on the wire, such as {@code github}. */
    String name();

    /** Where the API of this host is; empty if the host is none of this kind, as far as the operator has listed it. */
    Optional<String> api(String host);

    /** The open pull request from one branch to another, if there is one. */
    Optional<PullRequest> find(Api api, String repository, String from, String to);

    /** Opens a pull request. */
    PullRequest open(Api api, String repository, NewPullRequest wish);

    /** Calls the site's API; errors that the user can mend have become problems already. */
    interface Api {
        /** Gets a resource below the API's address. */
        JsonNode get(String path);

        /** Makes one. */
        JsonNode post(String path, Object body);
    }

    /**
     * A pull request that is wanted.
     *
     * @param from the branch with the work
     * @param to the branch that is to get it
     */
    record NewPullRequest(String from, String to, String title, String body, boolean draft) {}

    /** A pull request as the site has it; {@code url} is for people. */
    record PullRequest(long number, String url, String state, String title) {}
}
