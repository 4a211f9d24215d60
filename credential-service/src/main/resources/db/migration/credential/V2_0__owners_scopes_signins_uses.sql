-- Personal credentials, several of one kind, scopes, sign-ins by OAuth, ssh keys, and how much each is used.
ALTER TABLE credential
    ADD COLUMN kind             text,
    -- Whose it is; null for the whole project's.
    ADD COLUMN user_id          text,
    -- What it is limited to; empty is no limit.
    ADD COLUMN workspaces       text[] NOT NULL DEFAULT '{}',
    ADD COLUMN agents           text[] NOT NULL DEFAULT '{}',
    ADD COLUMN methods          text[] NOT NULL DEFAULT '{}',
    ADD COLUMN paths            text[] NOT NULL DEFAULT '{}',
    -- The account at the provider, where requests have to name it beside the token.
    ADD COLUMN account          text,
    ADD COLUMN public_key       text,
    -- What gets the next token, sealed with the same version as the token itself.
    ADD COLUMN sealed_refresh   bytea,
    ADD COLUMN refresh_failures int    NOT NULL DEFAULT 0,
    ADD COLUMN refresh_problem  text,
    ADD COLUMN refresh_at       timestamptz;
UPDATE credential SET kind = CASE
    WHEN provider IN ('anthropic', 'openai', 'codex', 'google', 'github', 'gitlab', 'npm', 'registry') THEN provider
    ELSE 'custom' END;
ALTER TABLE credential ALTER COLUMN kind SET NOT NULL;
ALTER TABLE credential DROP CONSTRAINT credential_project_id_provider_key;
CREATE UNIQUE INDEX credential_of_owner ON credential (project_id, provider, coalesce(user_id, ''));
ALTER TABLE credential DROP CONSTRAINT credential_auth_type_check;
ALTER TABLE credential ADD CONSTRAINT credential_auth_type_check CHECK (auth_type IN ('api_key', 'oauth', 'ssh_key'));

-- A sign-in under way. The id is a hash of the state, or the handle of a device code; sealed holds what only we may know.
CREATE TABLE sign_in (
    id           text PRIMARY KEY,
    project_id   text        NOT NULL,
    user_id      text        NOT NULL,
    flow         text        NOT NULL,
    sealed       bytea       NOT NULL,
    key_id       text        NOT NULL,
    -- What the credential is to be: name, owner, scope, addresses. No secret.
    wish         text        NOT NULL,
    interval_s   int         NOT NULL DEFAULT 0,
    poll_at      timestamptz NOT NULL DEFAULT now(),
    used_at      timestamptz,
    expires_at   timestamptz NOT NULL,
    created_at   timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX sign_in_expired ON sign_in (expires_at);

-- Tokens of deleted credentials that the provider is still to be told of.
CREATE TABLE revocation (
    id          text PRIMARY KEY,
    project_id  text        NOT NULL,
    flow        text        NOT NULL,
    host        text,
    sealed      bytea       NOT NULL,
    key_id      text        NOT NULL,
    give_up_at  timestamptz NOT NULL
);

-- Uses, from the egress log. A record counts once, however often it is delivered: its id stays here longer than in the log.
CREATE TABLE egress_seen (
    record_id text PRIMARY KEY,
    seen_at   timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX egress_seen_at ON egress_seen (seen_at);

CREATE TABLE credential_usage (
    credential_id text PRIMARY KEY REFERENCES credential ON DELETE CASCADE,
    use_count     bigint      NOT NULL,
    last_used_at  timestamptz NOT NULL
);

CREATE TABLE credential_use (
    credential_id text        NOT NULL REFERENCES credential ON DELETE CASCADE,
    session_id    text        NOT NULL,
    use_count     bigint      NOT NULL,
    first_used_at timestamptz NOT NULL,
    last_used_at  timestamptz NOT NULL,
    PRIMARY KEY (credential_id, session_id)
);
CREATE INDEX credential_use_newest ON credential_use (credential_id, last_used_at DESC, session_id DESC);

-- When each master key first sealed here: what an older one sealed is sealed anew when it is read, never the other way round.
CREATE TABLE master_key (
    key_id     text PRIMARY KEY,
    adopted_at timestamptz NOT NULL DEFAULT now()
);
