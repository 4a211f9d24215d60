-- What sessions of a workspace may have at most, within what their project allows.
CREATE TABLE workspace_limits (
    project_id   text        NOT NULL,
    workspace_id text        NOT NULL,
    limits       text        NOT NULL,
    updated_at   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (project_id, workspace_id)
);
