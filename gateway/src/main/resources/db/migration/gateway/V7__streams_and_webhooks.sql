-- Which sessions' chat a viewer's stream carries along, by the name that the viewer gave the stream.
CREATE TABLE event_subscription (
    project_id text        NOT NULL,
    account_id text        NOT NULL,
    stream     text        NOT NULL,
    sessions   text        NOT NULL,
    updated_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (project_id, account_id, stream)
);
CREATE INDEX event_subscription_updated ON event_subscription (updated_at);

-- The secret is encrypted (AES-256-GCM, bound to the row); its owner saw it once.
CREATE TABLE webhook (
    id         text PRIMARY KEY,
    project_id text        NOT NULL REFERENCES project ON DELETE CASCADE,
    url        text        NOT NULL,
    types      text        NOT NULL,
    secret     bytea       NOT NULL,
    created_by text        NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX webhook_project ON webhook (project_id);

-- How far the log was looked through for webhooks, per partition: the next offset.
CREATE TABLE webhook_position (
    partition   int PRIMARY KEY,
    next_offset bigint NOT NULL
);

CREATE TABLE webhook_delivery (
    id            text PRIMARY KEY,
    webhook_id    text        NOT NULL REFERENCES webhook ON DELETE CASCADE,
    event_id      text        NOT NULL,
    type          text        NOT NULL,
    body          text        NOT NULL,
    state         text        NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'delivered', 'dead')),
    attempts      int         NOT NULL DEFAULT 0,
    last_status   int,
    last_error    text,
    last_millis   int,
    created_at    timestamptz NOT NULL DEFAULT now(),
    attempted_at  timestamptz,
    UNIQUE (webhook_id, event_id)
);
CREATE INDEX webhook_delivery_age ON webhook_delivery (created_at);

-- What was made by POST /api/session; the token itself is among the user's API tokens.
CREATE TABLE quick_start (
    session_id text PRIMARY KEY,
    project_id text        NOT NULL REFERENCES project ON DELETE CASCADE,
    repo       text        NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL
);
