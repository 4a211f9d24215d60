-- Each chunk and each journal entry is written under its session's lock, which proves that the session is there. To have it looked up again for
-- every row costs more than the row; a session that is deleted takes these with it by name.
ALTER TABLE chunk DROP CONSTRAINT chunk_turn_id_fkey;
ALTER TABLE journal_entry DROP CONSTRAINT journal_entry_session_id_fkey;
