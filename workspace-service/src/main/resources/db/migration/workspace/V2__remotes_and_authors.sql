-- On whose behalf a workspace goes to its remote, how it is cloned, and which key the remote's host has shown (ssh).
ALTER TABLE workspace
    ADD COLUMN user_id    text    NOT NULL DEFAULT 'system',
    ADD COLUMN host_key   text,
    ADD COLUMN depth      int,
    ADD COLUMN sparse     text    NOT NULL DEFAULT '',
    ADD COLUMN submodules boolean NOT NULL DEFAULT false,
    ADD COLUMN lfs        boolean NOT NULL DEFAULT false;

ALTER TABLE repository
    ADD COLUMN maintained_at timestamptz;

-- A rebased session has two lines: the one that its sandbox goes on with, and its copy on the newer base. These tell where the
-- sandbox's own line begins and up to where it was copied; both are null if it was never rebased.
ALTER TABLE checkout
    ADD COLUMN line_base text,
    ADD COLUMN line_head text;

-- How messages of commits that we make in a workspace look; what is null is as the operator configured it.
CREATE TABLE commit_style (
    workspace_id    text PRIMARY KEY,
    sign_off        boolean,
    conventional    text CHECK (conventional IN ('off', 'check', 'prefix')),
    co_authors      boolean,
    session_trailer boolean,
    trailers        text
);

-- Under which name a user's commits in a workspace are made, if not under that of the account.
CREATE TABLE author (
    workspace_id text NOT NULL,
    user_id      text NOT NULL,
    name         text NOT NULL,
    email        text NOT NULL,
    PRIMARY KEY (workspace_id, user_id)
);
