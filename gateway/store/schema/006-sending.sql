-- 006: what sending must still know after a restart.
--
-- planned_at: when a text was to leave, once due_at has become the time of
-- its next try; NULL: due_at. bound: its channel may have sent it already, so
-- no other may. needs: what must still be true when it leaves, and of what:
-- 'question' (its own is still open), 'meeting' (needs_id is still to come).
ALTER TABLE outbox ADD COLUMN planned_at INTEGER;
ALTER TABLE outbox ADD COLUMN bound INTEGER;
ALTER TABLE outbox ADD COLUMN needs TEXT;
ALTER TABLE outbox ADD COLUMN needs_id INTEGER;

-- Texts that a limited channel was given, by the minute (epoch / 60 000);
-- other: of them no replies. Kept for a day.
CREATE TABLE channel_use (
	channel TEXT NOT NULL,
	minute INTEGER NOT NULL,
	n INTEGER NOT NULL,
	other INTEGER NOT NULL,
	last_at INTEGER NOT NULL,
	PRIMARY KEY (channel, minute)
) STRICT, WITHOUT ROWID;

-- Why a channel's texts wait, as long as they do; empty when it starts.
CREATE TABLE channel_wait (
	channel TEXT PRIMARY KEY,
	why TEXT NOT NULL,
	since_at INTEGER NOT NULL,
	until_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
