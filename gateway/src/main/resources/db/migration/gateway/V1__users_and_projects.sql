CREATE TABLE account (
    id            text PRIMARY KEY,
    username      text        NOT NULL,
    email         text,
    display_name  text        NOT NULL,
    password_hash text,
    system_admin  boolean     NOT NULL DEFAULT false,
    disabled_at   timestamptz,
    created_at    timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX account_username ON account (lower(username));
CREATE UNIQUE INDEX account_email ON account (lower(email)) WHERE email IS NOT NULL;

-- Only SHA-256 of cookies and tokens is kept: 256 random bits need no slow hash.
CREATE TABLE login_session (
    id         text PRIMARY KEY,
    account_id text        NOT NULL REFERENCES account ON DELETE CASCADE,
    token_hash bytea       NOT NULL UNIQUE,
    user_agent text,
    address    text,
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL
);
CREATE INDEX login_session_account ON login_session (account_id);

-- A family is what grew from one login; a token of it used twice ends them all.
CREATE TABLE refresh_token (
    token_hash bytea PRIMARY KEY,
    family     text        NOT NULL,
    account_id text        NOT NULL REFERENCES account ON DELETE CASCADE,
    used_at    timestamptz,
    expires_at timestamptz NOT NULL
);
CREATE INDEX refresh_token_family ON refresh_token (family);

CREATE TABLE api_token (
    id           text PRIMARY KEY,
    account_id   text        NOT NULL REFERENCES account ON DELETE CASCADE,
    name         text        NOT NULL,
    token_hash   bytea       NOT NULL UNIQUE,
    scopes       text        NOT NULL,
    created_at   timestamptz NOT NULL DEFAULT now(),
    expires_at   timestamptz,
    last_used_at timestamptz
);
CREATE INDEX api_token_account ON api_token (account_id);

CREATE TABLE invite_code (
    id         text PRIMARY KEY,
    code_hash  bytea       NOT NULL UNIQUE,
    note       text,
    uses_max   int         NOT NULL CHECK (uses_max > 0),
    uses       int         NOT NULL DEFAULT 0 CHECK (uses BETWEEN 0 AND uses_max),
    created_by text        NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz,
    revoked_at timestamptz
);

CREATE TABLE login_attempt (
    subject    text        NOT NULL,
    at         timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX login_attempt_subject ON login_attempt (subject, at);

CREATE TABLE preference (
    account_id text        NOT NULL REFERENCES account ON DELETE CASCADE,
    key        text        NOT NULL,
    value      text        NOT NULL,
    updated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (account_id, key)
);

CREATE TABLE project (
    id         text PRIMARY KEY,
    name       text        NOT NULL,
    slug       text        NOT NULL UNIQUE,
    limits     text        NOT NULL DEFAULT '{}',
    version    bigint      NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    deleted_at timestamptz
);

CREATE TABLE member (
    project_id  text        NOT NULL REFERENCES project ON DELETE CASCADE,
    account_id  text        NOT NULL REFERENCES account ON DELETE CASCADE,
    role        text        NOT NULL CHECK (role IN ('owner', 'admin', 'member')),
    invited_at  timestamptz,
    accepted_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (project_id, account_id)
);
CREATE INDEX member_account ON member (account_id);

CREATE TABLE invitation (
    id          text PRIMARY KEY,
    project_id  text        NOT NULL REFERENCES project ON DELETE CASCADE,
    email       text        NOT NULL,
    role        text        NOT NULL CHECK (role IN ('owner', 'admin', 'member')),
    token_hash  bytea       NOT NULL UNIQUE,
    created_by  text        NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT now(),
    expires_at  timestamptz NOT NULL,
    accepted_at timestamptz
);
CREATE INDEX invitation_project ON invitation (project_id);

-- Which project a session belongs to, learned from its events; paths like /preview/{session} do not say it.
CREATE TABLE session_project (
    session_id text PRIMARY KEY,
    project_id text NOT NULL
);

-- Answers of unsafe requests that came with an Idempotency-Key, kept for a day. No status yet: in progress.
CREATE TABLE idempotent_answer (
    principal    text        NOT NULL,
    key          text        NOT NULL,
    request_hash bytea       NOT NULL,
    status       int,
    content_type text,
    body         bytea,
    created_at   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (principal, key)
);
CREATE INDEX idempotent_answer_age ON idempotent_answer (created_at);
