-- What a session's shells wrote and when they began and ended, copied from agent so that it can be read while the sandbox
-- stands still. Positions are agent's: bytes since the session's first shell. Only the newest megabytes are kept.
CREATE TABLE terminal_entry (
    session_id text        NOT NULL,
    seq        bigint      NOT NULL,
    kind       text        NOT NULL CHECK (kind IN ('output', 'started', 'exited')),
    content    text        NOT NULL DEFAULT '',
    bytes      int         NOT NULL DEFAULT 0,
    exit_code  int,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (session_id, seq, kind)
);
