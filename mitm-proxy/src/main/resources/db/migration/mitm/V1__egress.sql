-- The sessions whose doors this proxy keeps open; read at start, so that a restart opens them again.
CREATE TABLE egress_session (
    session_id   text PRIMARY KEY,
    project_id   text        NOT NULL,
    workspace_id text        NOT NULL,
    user_id      text        NOT NULL,
    agent_type   text        NOT NULL,
    generation   bigint      NOT NULL,
    allow        text        NOT NULL,
    updated_at   timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX egress_session_project ON egress_session (project_id);

-- Hosts that a user allowed for a session after they were refused. They outlive a stop of the session.
CREATE TABLE egress_allowed (
    session_id text        NOT NULL,
    project_id text        NOT NULL,
    host       text        NOT NULL,
    allowed_by text        NOT NULL,
    allowed_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (session_id, host)
);
CREATE INDEX egress_allowed_project ON egress_allowed (project_id);

-- One row per request or tunnel that left or was refused.
CREATE TABLE egress_record (
    position        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id              uuid        NOT NULL,
    project_id      text        NOT NULL,
    session_id      text        NOT NULL,
    time            timestamptz NOT NULL,
    scheme          text        NOT NULL,
    host            text        NOT NULL,
    port            int         NOT NULL,
    method          text,
    path            text,
    decision        text        NOT NULL,
    rule            text,
    status          int,
    bytes_up        bigint      NOT NULL,
    bytes_down      bigint      NOT NULL,
    duration_millis bigint      NOT NULL,
    model           text,
    input_tokens    bigint,
    output_tokens   bigint
);
CREATE INDEX egress_record_session ON egress_record (project_id, session_id, position DESC);
CREATE INDEX egress_record_time ON egress_record (time);

-- Which refusals were told as an event: one per session, host and minute.
CREATE TABLE egress_blocked (
    session_id text        NOT NULL,
    host       text        NOT NULL,
    minute     timestamptz NOT NULL,
    PRIMARY KEY (session_id, host, minute)
);
CREATE INDEX egress_blocked_minute ON egress_blocked (minute);
