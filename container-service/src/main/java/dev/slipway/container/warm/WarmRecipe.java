package dev.slipway.container.warm;

import dev.slipway.container.runtime.SandboxBounds;
import dev.slipway.container.runtime.SandboxName;
import dev.slipway.container.runtime.SandboxRequest;
import java.util.Optional;

/** What a sandbox is made of, before it is anybody's. */
public interface WarmRecipe {
    /** The image that sessions run unless they name another. */
    String image();

    /** The bounds of a session that names none. */
    SandboxBounds bounds();

    /** The digest of an image that is on the engine; images are not fetched for a sandbox that nobody has asked for. */
    Optional<String> imageId(String image);

    /** The engine's runtime. */
    String isolation();

    /** The version of the service: another one may make them otherwise. */
    String version();

    /** The request for such a sandbox: without a session, a project, a way out or anything of its user. */
    SandboxRequest request(SandboxName name, String imageId, SandboxBounds bounds);
}
