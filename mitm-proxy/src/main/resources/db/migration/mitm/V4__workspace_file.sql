-- The text of the workspace's own proxy file, as it was handed over for this session.
ALTER TABLE egress_session ADD COLUMN workspace_file text;

-- Files that an admin approved: exactly this text, for all sessions of the workspace.
CREATE TABLE proxy_file_approval (
    project_id   text        NOT NULL,
    workspace_id text        NOT NULL,
    sha256       text        NOT NULL,
    approved_by  text        NOT NULL,
    approved_at  timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (project_id, workspace_id, sha256)
);
