package dev.slipway.workspace.git;

import dev.slipway.kit.identity.Caller;
import org.jspecify.annotations.Nullable;

/** Who a commit is by. Characters that a commit's header cannot hold are left out. */
public record Person(String name, String email) {
    /** For commits that no user asked for. */
    public static final Person SLIPWAY = new Person("Slipway", "slipway@slipway.invalid");

    public Person {
        name = clean(name, "Slipway user");
        email = clean(email, "user@slipway.invalid");
    }

    /** The user on whose behalf a call is made. */
    public static Person of(Caller caller) {
        return of(caller.name(), caller.email(), caller.userId());
    }

    /** The person, with what is missing made from the user's id. */
    public static Person of(@Nullable String name, @Nullable String email, String userId) {
        return new Person(name == null ? userId : name, email == null ? userId + "@slipway.invalid" : email);
    }

    GitCommand signing(GitCommand command) {
        return command.with("GIT_AUTHOR_NAME", name)
                .with("GIT_AUTHOR_EMAIL", email)
                .with("GIT_COMMITTER_NAME", name)
                .with("GIT_COMMITTER_EMAIL", email);
    }

    private static String clean(String text, String otherwise) {
        String clean = text.replaceAll("[<>\\p{Cntrl}]", "").strip();
        return clean.isEmpty() ? otherwise : clean;
    }
}
