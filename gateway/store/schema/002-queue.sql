-- 002: the queue by channel.
--
-- Texts of a channel that is down are never read while others are claimed.
-- outbox_state compares: for a longer IN than two, SQLite would build a
-- table in memory each time that a row is written.

DROP INDEX outbox_due;
CREATE INDEX outbox_due ON outbox(coalesce(channel, ''), lane, due_at, id)
	WHERE state = 'queued';
DROP INDEX outbox_state;
CREATE INDEX outbox_state ON outbox(state)
	WHERE state <> 'queued' AND state <> 'sent' AND state <> 'delivered';
