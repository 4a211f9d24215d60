-- What service-kit keeps in each service's own schema. See the packages outbox, inbox, job and lease.

-- The sequence of each subject's events. The row lock, held to commit, makes the order of seq the order of commits.
CREATE TABLE outbox_subject (
    subject text PRIMARY KEY,
    seq     bigint NOT NULL
);

CREATE TABLE outbox (
    position     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id           uuid        NOT NULL UNIQUE,
    lane         smallint    NOT NULL,
    project_id   text        NOT NULL,
    subject      text        NOT NULL,
    seq          bigint      NOT NULL,
    type         text        NOT NULL,
    data         text        NOT NULL,
    traceparent  text,
    created_at   timestamptz NOT NULL DEFAULT now(),
    published_at timestamptz,
    UNIQUE (subject, seq)
);
CREATE INDEX outbox_unpublished ON outbox (lane, position) WHERE published_at IS NULL;
CREATE INDEX outbox_published ON outbox (published_at) WHERE published_at IS NOT NULL;

CREATE TABLE outbox_lane (
    lane        smallint PRIMARY KEY,
    owner       text,
    lease_until timestamptz NOT NULL DEFAULT '-infinity',
    fence       bigint      NOT NULL DEFAULT 0
);
INSERT INTO outbox_lane (lane) SELECT generate_series(0, 31);

CREATE TABLE inbox (
    event_id    uuid PRIMARY KEY,
    received_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX inbox_received ON inbox (received_at);

-- Events that could not be handled, in order per subject. While a subject has one, its later events join it here.
CREATE TABLE dead_letter (
    position         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    event_id         uuid,
    project_id       text,
    subject          text,
    type             text,
    headers          text        NOT NULL,
    data             bytea,
    reason           text        NOT NULL,
    topic            text        NOT NULL,
    topic_partition  int         NOT NULL,
    topic_offset     bigint      NOT NULL,
    first_seen       timestamptz NOT NULL DEFAULT now(),
    UNIQUE (topic, topic_partition, topic_offset)
);
CREATE INDEX dead_letter_subject ON dead_letter (subject);

CREATE TABLE job (
    kind         text        NOT NULL,
    key          text        NOT NULL,
    payload      text        NOT NULL,
    revision     bigint      NOT NULL DEFAULT 1,
    state        text        NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'dead')),
    run_at       timestamptz NOT NULL DEFAULT now(),
    owner        text,
    lease_until  timestamptz,
    fence        bigint      NOT NULL DEFAULT 0,
    attempt      int         NOT NULL DEFAULT 0,
    last_error   text,
    created_at   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (kind, key)
);
CREATE INDEX job_due ON job (run_at) WHERE state = 'queued';

CREATE TABLE lease (
    name        text PRIMARY KEY,
    owner       text        NOT NULL,
    lease_until timestamptz NOT NULL,
    fence       bigint      NOT NULL DEFAULT 1
);
