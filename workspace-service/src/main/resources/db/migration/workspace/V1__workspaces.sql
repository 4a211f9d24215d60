-- A source of code within a project: all its workspaces share one bare cache.
CREATE TABLE repository (
    id         text PRIMARY KEY,
    project_id text        NOT NULL,
    source     text        NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    synced_at  timestamptz,
    UNIQUE (project_id, source)
);

CREATE TABLE workspace (
    id            text PRIMARY KEY,
    project_id    text        NOT NULL,
    repository_id text        NOT NULL REFERENCES repository,
    source_type   text        NOT NULL CHECK (source_type IN ('local', 'git')),
    path          text        NOT NULL,
    display_name  text,
    credential_id text,
    status        text        NOT NULL CHECK (status IN ('initializing', 'cloning', 'ready', 'error', 'removing')),
    progress      int,
    error_message text,
    head_commit   text,
    branch        text,
    author_name   text        NOT NULL,
    author_email  text        NOT NULL,
    delete_files  boolean     NOT NULL DEFAULT false,
    version       bigint      NOT NULL DEFAULT 1,
    created_at    timestamptz NOT NULL DEFAULT now(),
    updated_at    timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX workspace_project ON workspace (project_id, id);
CREATE INDEX workspace_repository ON workspace (repository_id);

-- A session's branch in the cache of its workspace's repository.
CREATE TABLE checkout (
    session_id     text PRIMARY KEY,
    project_id     text        NOT NULL,
    workspace_id   text        NOT NULL,
    repository_id  text,
    user_id        text        NOT NULL,
    base_ref       text,
    status         text        NOT NULL CHECK (status IN ('preparing', 'ready', 'failed', 'removing')),
    reason         text,
    base_commit    text,
    head_commit    text,
    -- What of the session's work the workspace has: as a tree (what the next apply starts from) and as the commit that brought it.
    applied_tree   text,
    applied_commit text,
    applied_branch text,
    applied_head   text,
    created_at     timestamptz NOT NULL DEFAULT now(),
    updated_at     timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX checkout_workspace ON checkout (workspace_id);
