package dev.slipway.workspace.access;

import dev.slipway.workspace.git.GitCommand;
import dev.slipway.workspace.source.RemoteUrl;
import java.util.Optional;

/**
 * Straight there, without a key: to a folder of this machine, or to a public host.
 *
 * @param address the address that the host's name stood for when it was admitted; empty if git may ask itself
 */
record DirectPassage(RemoteUrl url, Optional<String> address) implements Passage {
    @Override
    public GitCommand through(GitCommand command) {
        GitCommand restricted = command.with("GIT_ALLOW_PROTOCOL", url.scheme());
        return address.map(found -> restricted.config(
                        "http.curloptResolve",
                        url.host() + ":" + url.port() + ":" + (found.contains(":") ? "[" + found + "]" : found)))
                .orElse(restricted);
    }

    @Override
    public void close() {
        // Nothing was opened.
    }
}
