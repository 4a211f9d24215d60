-- The one credential that a session's requests may carry, where it is narrowed to one.
ALTER TABLE egress_session ADD COLUMN credential_id text;

-- Which credentials were put on a request.
ALTER TABLE egress_record ADD COLUMN credential_ids text[] NOT NULL DEFAULT '{}';
