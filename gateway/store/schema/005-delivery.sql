-- 005: what providers report of texts that left.
--
-- parts: segments that the text left in; NULL before its first answer.
-- What a report knows a text by: our own id (outbox's key), or provider_ref.

ALTER TABLE outbox ADD COLUMN parts INTEGER;
CREATE INDEX outbox_ref ON outbox(provider_ref)
	WHERE provider_ref IS NOT NULL;

-- A report of a text, in the order in which they came. key: a hash by which
-- a repeat is known. try: which attempt was the last when it came, for a
-- failure says nothing of the attempts that follow it. part: 0 the whole text,
-- -1 one part of it. matched_at: when its text became known, if that was later.
CREATE TABLE outbox_report (
	outbox INTEGER NOT NULL REFERENCES outbox(id),
	n INTEGER NOT NULL,
	key INTEGER NOT NULL,
	at INTEGER NOT NULL,
	channel TEXT NOT NULL,
	state TEXT NOT NULL,
	said TEXT,
	said_at INTEGER,
	part INTEGER NOT NULL,
	parts INTEGER NOT NULL,
	try INTEGER NOT NULL,
	matched_at INTEGER,
	PRIMARY KEY (outbox, n)
) STRICT, WITHOUT ROWID;

-- Reports of texts that nobody knows yet. ref, own: '' where not said.
CREATE TABLE report_parked (
	id INTEGER PRIMARY KEY,
	channel TEXT NOT NULL,
	ref TEXT NOT NULL,
	own TEXT NOT NULL,
	key INTEGER NOT NULL,
	to_phone TEXT,
	state TEXT NOT NULL,
	said TEXT,
	said_at INTEGER,
	part INTEGER NOT NULL,
	parts INTEGER NOT NULL,
	at INTEGER NOT NULL,
	UNIQUE (channel, ref, own, key)
) STRICT;
