-- What a sandbox is promised, from the moment that it is being made; what it was seen to use; and since when it is wanted.
ALTER TABLE sandbox
    ADD COLUMN cpus         double precision,
    ADD COLUMN memory_bytes bigint,
    ADD COLUMN disk_bytes   bigint,
    ADD COLUMN pids         int,
    ADD COLUMN used_cpu     double precision,
    ADD COLUMN used_memory  bigint,
    ADD COLUMN used_disk    bigint,
    ADD COLUMN used_at      timestamptz,
    ADD COLUMN newest_image text;

-- What the gateway says a project may use; null for no bound. Sums over the project's running sandboxes.
CREATE TABLE project_limits (
    project_id   text PRIMARY KEY,
    cpus         double precision,
    memory_bytes bigint,
    disk_bytes   bigint,
    pids         int,
    ttl_seconds  bigint,
    seq          bigint      NOT NULL,
    updated_at   timestamptz NOT NULL DEFAULT now()
);
