-- What a provider has verified counts for linking; what somebody typed into a form does not.
ALTER TABLE account
    ADD COLUMN email_verified_at timestamptz,
    ADD COLUMN last_login_at     timestamptz,
    ADD COLUMN version           bigint NOT NULL DEFAULT 1;

-- By what the login was made: 'password' or the provider's name.
ALTER TABLE login_session ADD COLUMN provider text NOT NULL DEFAULT 'password';

CREATE TABLE external_identity (
    provider   text        NOT NULL,
    subject    text        NOT NULL,
    account_id text        NOT NULL REFERENCES account ON DELETE CASCADE,
    email      text,
    linked_at  timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (provider, subject)
);
CREATE INDEX external_identity_account ON external_identity (account_id);

-- A login that is away at a provider. The key is in a cookie of the browser that began it; taken out once, when it comes back.
CREATE TABLE login_flow (
    key_hash         bytea PRIMARY KEY,
    provider         text        NOT NULL,
    state            text        NOT NULL,
    nonce            text,
    code_verifier    text        NOT NULL,
    return_path      text        NOT NULL,
    invite_code      text,
    link_account_id  text REFERENCES account ON DELETE CASCADE,
    expires_at       timestamptz NOT NULL
);
CREATE INDEX login_flow_expiry ON login_flow (expires_at);

CREATE TABLE audit_entry (
    position   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id         uuid        NOT NULL UNIQUE,
    at         timestamptz NOT NULL,
    actor_id   text,
    actor_name text,
    proof      text        NOT NULL,
    action     text        NOT NULL,
    target     text        NOT NULL,
    project_id text,
    address    text,
    outcome    text        NOT NULL CHECK (outcome IN ('done', 'refused', 'failed')),
    status     int,
    request_id text
);
CREATE INDEX audit_entry_actor ON audit_entry (actor_id, position);
CREATE INDEX audit_entry_project ON audit_entry (project_id, position);
CREATE INDEX audit_entry_action ON audit_entry (action, position);

-- What the broker has not taken yet. Apart from the log itself, which nobody changes.
CREATE TABLE audit_unpublished (
    position bigint PRIMARY KEY REFERENCES audit_entry
);

CREATE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'audit_entry: % refused (expected: INSERT only)', TG_OP USING ERRCODE = 'insufficient_privilege';
END
$$;
CREATE TRIGGER audit_entry_append_only BEFORE UPDATE OR DELETE ON audit_entry
    FOR EACH ROW EXECUTE FUNCTION audit_is_append_only();
CREATE TRIGGER audit_entry_no_truncate BEFORE TRUNCATE ON audit_entry
    FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only();
