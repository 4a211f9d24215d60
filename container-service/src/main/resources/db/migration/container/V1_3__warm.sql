-- Sandboxes made ahead of any session. A row is there before anything of it is on the engine and goes after all of it; one that a
-- session has taken stays as long as the session, since the engine cannot rename its volume.
CREATE TABLE warm_sandbox (
    id           text PRIMARY KEY,
    -- What cannot be changed once it is made: image, size of /tmp and the like.
    mold         text             NOT NULL,
    state        text             NOT NULL CHECK (state IN ('making', 'ready', 'claimed', 'discarded')),
    cpus         double precision NOT NULL,
    memory_bytes bigint           NOT NULL,
    pids         int              NOT NULL,
    container_id text,
    session_id   text UNIQUE,
    project_id   text,
    generation   bigint,
    made_at      timestamptz      NOT NULL DEFAULT now(),
    claimed_at   timestamptz,
    CHECK (state <> 'ready' OR container_id IS NOT NULL),
    CHECK ((state = 'claimed') = (session_id IS NOT NULL))
);
CREATE INDEX warm_sandbox_ready ON warm_sandbox (mold, made_at) WHERE state = 'ready';

-- The starts that a warm sandbox would have served, for as long as they tell how many to hold.
CREATE TABLE warm_demand (
    image     text        NOT NULL,
    tmp_bytes bigint      NOT NULL,
    at        timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX warm_demand_at ON warm_demand (at);
