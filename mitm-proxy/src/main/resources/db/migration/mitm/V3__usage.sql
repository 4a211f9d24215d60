-- What an answer of a model cost, where the model has a price; in US dollars.
ALTER TABLE egress_record ADD COLUMN cost_usd numeric(14, 6);

-- Sums of model answers: one row per session, day (UTC) and model. They outlive the egress log.
CREATE TABLE usage_total (
    project_id    text           NOT NULL,
    session_id    text           NOT NULL,
    day           date           NOT NULL,
    model         text           NOT NULL,
    calls         bigint         NOT NULL,
    unpriced      bigint         NOT NULL,
    input_tokens  bigint         NOT NULL,
    output_tokens bigint         NOT NULL,
    cost_usd      numeric(14, 6) NOT NULL,
    PRIMARY KEY (project_id, day, session_id, model)
);
CREATE INDEX usage_total_session ON usage_total (session_id);

-- What a project's model calls may cost in a calendar month; no row, no limit.
CREATE TABLE project_budget (
    project_id text PRIMARY KEY,
    budget_usd numeric(14, 6) NOT NULL
);

-- What a session's model calls may cost in its whole life; no row, no limit.
CREATE TABLE session_budget (
    session_id text PRIMARY KEY,
    project_id text           NOT NULL,
    budget_usd numeric(14, 6) NOT NULL
);

-- Which spent budgets were told as an event: one per session and hour.
CREATE TABLE budget_told (
    session_id text        NOT NULL,
    hour       timestamptz NOT NULL,
    PRIMARY KEY (session_id, hour)
);
