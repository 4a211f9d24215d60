-- When the data keys of a row were made: old ones are replaced while the service runs.
ALTER TABLE credential ADD COLUMN keyed_at timestamptz NOT NULL DEFAULT now();
UPDATE credential SET keyed_at = updated_at;
CREATE INDEX credential_keyed_at ON credential (keyed_at);
