-- What session-service owns: agents, sessions, their turns with every chunk of the answers, and messages.

CREATE TABLE agent (
    id            text PRIMARY KEY,
    project_id    text        NOT NULL,
    name          text        NOT NULL,
    agent_type    text        NOT NULL,
    command       text        NOT NULL DEFAULT '[]',
    env           text        NOT NULL DEFAULT '{}',
    system_prompt text,
    mcp_servers   text        NOT NULL DEFAULT '[]',
    mode          text,
    model         text,
    permissions   text        NOT NULL DEFAULT 'all' CHECK (permissions IN ('ask', 'edits', 'all')),
    is_default    boolean     NOT NULL DEFAULT false,
    version       bigint      NOT NULL DEFAULT 1,
    created_at    timestamptz NOT NULL DEFAULT now(),
    updated_at    timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX agent_default ON agent (project_id) WHERE is_default;
CREATE INDEX agent_project ON agent (project_id, created_at, id);

-- running_turn and error_message belong to the states running and error alone. deadline: when a waiting state is too old.
CREATE TABLE session (
    id               text PRIMARY KEY,
    project_id       text        NOT NULL,
    workspace_id     text        NOT NULL,
    agent_id         text,
    name             text        NOT NULL,
    named            boolean     NOT NULL DEFAULT false,
    display_name     text,
    status           text        NOT NULL,
    running_turn     text,
    error_message    text,
    phase            text,
    progress         int,
    progress_message text,
    deadline         timestamptz,
    generation       bigint      NOT NULL DEFAULT 0,
    desired          text        NOT NULL DEFAULT 'RUNNING' CHECK (desired IN ('RUNNING', 'STOPPED', 'REMOVED')),
    base_ref         text,
    branch           text,
    base_commit      text,
    head_commit      text,
    applied_commit   text,
    image            text,
    image_used       text,
    image_digest     text,
    model            text,
    mode             text,
    env              text        NOT NULL DEFAULT '{}',
    limits           text        NOT NULL DEFAULT '{}',
    user_id          text        NOT NULL,
    author_name      text        NOT NULL,
    author_email     text        NOT NULL,
    input_tokens     bigint      NOT NULL DEFAULT 0,
    output_tokens    bigint      NOT NULL DEFAULT 0,
    cost_usd         double precision NOT NULL DEFAULT 0,
    cost_reported    double precision NOT NULL DEFAULT 0,
    journal_epoch    int         NOT NULL DEFAULT 1,
    version          bigint      NOT NULL DEFAULT 1,
    created_at       timestamptz NOT NULL DEFAULT now(),
    updated_at       timestamptz NOT NULL DEFAULT now(),
    last_activity_at timestamptz NOT NULL DEFAULT now(),
    CHECK ((status = 'running') = (running_turn IS NOT NULL)),
    CHECK ((status = 'error') = (error_message IS NOT NULL))
);
CREATE INDEX session_list ON session (project_id, created_at DESC, id DESC);
CREATE INDEX session_workspace ON session (workspace_id);
CREATE INDEX session_deadline ON session (deadline) WHERE deadline IS NOT NULL;
CREATE INDEX session_live ON session (id) WHERE status IN ('ready', 'running');

-- A user's message and the work on it. run counts how often the same message was asked to be answered anew.
CREATE TABLE turn (
    id                   text PRIMARY KEY,
    position             bigint GENERATED ALWAYS AS IDENTITY,
    session_id           text        NOT NULL REFERENCES session (id) ON DELETE CASCADE,
    project_id           text        NOT NULL,
    user_message_id      text        NOT NULL,
    run                  int         NOT NULL DEFAULT 0,
    assistant_message_id text        NOT NULL,
    prompt               text        NOT NULL,
    model                text,
    mode                 text,
    state                text        NOT NULL CHECK (state IN ('queued', 'dispatched', 'started', 'ended')),
    outcome              text        CHECK (outcome IN ('finished', 'aborted', 'failed')),
    chunk_seq            bigint      NOT NULL DEFAULT 0,
    cancel_requested     boolean     NOT NULL DEFAULT false,
    deadline             timestamptz,
    created_at           timestamptz NOT NULL DEFAULT now(),
    started_at           timestamptz,
    ended_at             timestamptz,
    UNIQUE (session_id, user_message_id, run),
    CHECK ((state = 'ended') = (outcome IS NOT NULL))
);
CREATE INDEX turn_open ON turn (session_id, position) WHERE state <> 'ended';
CREATE INDEX turn_deadline ON turn (deadline) WHERE deadline IS NOT NULL;

-- What viewers get, byte for byte.
CREATE TABLE chunk (
    turn_id text   NOT NULL REFERENCES turn (id) ON DELETE CASCADE,
    seq     bigint NOT NULL,
    data    text   NOT NULL,
    PRIMARY KEY (turn_id, seq)
);

-- The copy of the supervisor's journal. A new epoch begins when a sandbox's volume was replaced and its journal with it.
CREATE TABLE journal_entry (
    session_id text        NOT NULL REFERENCES session (id) ON DELETE CASCADE,
    epoch      int         NOT NULL,
    seq        bigint      NOT NULL,
    turn_id    text,
    kind       text        NOT NULL,
    written_at timestamptz NOT NULL,
    data       text        NOT NULL,
    PRIMARY KEY (session_id, epoch, seq)
);
CREATE INDEX journal_entry_turn ON journal_entry (turn_id, epoch, seq) WHERE turn_id IS NOT NULL;

CREATE TABLE message (
    session_id text        NOT NULL REFERENCES session (id) ON DELETE CASCADE,
    id         text        NOT NULL,
    position   bigint GENERATED ALWAYS AS IDENTITY,
    role       text        NOT NULL CHECK (role IN ('user', 'assistant')),
    parts      text        NOT NULL,
    metadata   text        NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (session_id, id)
);
CREATE INDEX message_newest ON message (session_id, position DESC);

-- What the agent asked and what somebody answered.
CREATE TABLE permission_request (
    session_id   text        NOT NULL REFERENCES session (id) ON DELETE CASCADE,
    id           text        NOT NULL,
    turn_id      text,
    title        text        NOT NULL,
    params       text        NOT NULL,
    state        text        NOT NULL CHECK (state IN ('pending', 'answered', 'resolved', 'expired')),
    option_id    text,
    answered_by  text,
    requested_at timestamptz NOT NULL DEFAULT now(),
    resolved_at  timestamptz,
    PRIMARY KEY (session_id, id)
);
CREATE INDEX permission_request_open ON permission_request (session_id) WHERE state IN ('pending', 'answered');
