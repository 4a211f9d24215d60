-- What is wanted of each session's sandbox, and what became of it. A row outlives its sandbox (state 'removed'), so that a
-- wish that comes late is known to be old.
CREATE TABLE sandbox (
    session_id    text PRIMARY KEY,
    project_id    text        NOT NULL,
    workspace_id  text        NOT NULL,
    generation    bigint      NOT NULL,
    desired       text        NOT NULL CHECK (desired IN ('RUNNING', 'STOPPED', 'REMOVED')),
    spec          text,
    state         text        NOT NULL
        CHECK (state IN ('preparing', 'stopping', 'removing', 'ready', 'stopped', 'failed', 'removed')),
    phase         text,
    progress      int,
    message       text,
    container_id  text,
    image         text,
    image_digest  text,
    reason        text,
    exit_code     int,
    out_of_memory boolean     NOT NULL DEFAULT false,
    -- The last sign of use, and the agent's journal position at the last look, which tells of use that passed unseen.
    last_activity timestamptz NOT NULL DEFAULT now(),
    agent_seq     bigint      NOT NULL DEFAULT 0,
    wanted_at     timestamptz NOT NULL DEFAULT now(),
    updated_at    timestamptz NOT NULL DEFAULT now(),
    CHECK (desired <> 'RUNNING' OR spec IS NOT NULL)
);
CREATE INDEX sandbox_project ON sandbox (project_id);
CREATE INDEX sandbox_state ON sandbox (state) WHERE state <> 'removed';
