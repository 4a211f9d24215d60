-- What a project can sign in with. Only sealed holds a secret, and it opens for its own row, project and version alone.
CREATE TABLE credential (
    id          text PRIMARY KEY,
    project_id  text        NOT NULL,
    provider    text        NOT NULL,
    name        text        NOT NULL,
    auth_type   text        NOT NULL CHECK (auth_type IN ('api_key', 'oauth')),
    -- Where the secret goes, as far as the provider leaves that to the user.
    host        text,
    path_prefix text,
    place       text CHECK (place IN ('header', 'query', 'basic')),
    place_name  text,
    template    text,
    sealed      bytea       NOT NULL,
    key_id      text        NOT NULL,
    last4       text,
    version     bigint      NOT NULL,
    -- Why it cannot be used at present, in words for the user; null when it can.
    problem     text,
    expires_at  timestamptz,
    created_at  timestamptz NOT NULL DEFAULT now(),
    updated_at  timestamptz NOT NULL DEFAULT now(),
    UNIQUE (project_id, provider),
    CHECK ((place IS NULL) = (place_name IS NULL))
);
CREATE INDEX credential_key ON credential (key_id, id);

-- The number of each project's rules. It outlives the credentials, since it must never fall; whoever changes a credential
-- holds its row lock to commit, so the order of numbers is the order of commits.
CREATE TABLE rules_version (
    project_id text PRIMARY KEY,
    version    bigint NOT NULL
);
