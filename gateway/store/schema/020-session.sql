-- 020: led conversations, over USSD and by SMS.
--
-- As in 001. A row of session is one conversation, kept after each step. way:
-- ussd, sms; key: the provider's name of it, by SMS the phone. state: open,
-- done (handled, or ended by whoever had it), dropped (nobody answered), over
-- (a later one, or a text, took its place). answers: JSON, in the order in
-- which they were asked. asked: the form was full, and the last screen asks
-- what its text left open. seen: all that was typed, as the provider repeats
-- it; screen, more: what was shown last, for a request that is repeated.
-- texts: how many messages it became.
CREATE TABLE session (
	id INTEGER PRIMARY KEY,
	way TEXT NOT NULL,
	channel TEXT NOT NULL,
	key TEXT NOT NULL,
	phone TEXT NOT NULL,
	state TEXT NOT NULL,
	form TEXT NOT NULL,
	field TEXT NOT NULL,
	answers TEXT NOT NULL,
	page INTEGER NOT NULL,
	misses INTEGER NOT NULL,
	resumed INTEGER NOT NULL,
	asked INTEGER NOT NULL,
	seen TEXT NOT NULL,
	sequence INTEGER NOT NULL,
	hops INTEGER NOT NULL,
	screen TEXT NOT NULL,
	more INTEGER NOT NULL,
	texts INTEGER NOT NULL,
	created_at INTEGER NOT NULL,
	hop_at INTEGER NOT NULL
) STRICT;
CREATE INDEX session_key ON session(channel, key);
CREATE INDEX session_live ON session(phone, id)
	WHERE state <> 'done' AND state <> 'over';

-- The conversation that a text came from.
ALTER TABLE message ADD COLUMN session INTEGER;
