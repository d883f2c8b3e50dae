-- 013: what is put to the vote, who may, and a chain of what they said.
--
-- As in 001. question: NULL: announced by number alone. closes_at: NULL while
-- a meeting that was put off has no day; own_time 1: it was given, and does
-- not move with the meeting. late_to: until then a ballot that was sent in
-- time may arrive. Items of a meeting that is called off (state none) or
-- cancelled are void; their ballots stay. digest, seal: hex SHA-256, see
-- gateway/model/ballot.h. source: announced, staff.
CREATE TABLE ballot_item (
	id INTEGER PRIMARY KEY,
	meeting INTEGER NOT NULL REFERENCES meeting(id),
	unit INTEGER NOT NULL REFERENCES unit(id),
	item INTEGER NOT NULL,
	question TEXT,
	threshold TEXT NOT NULL,
	opened_at INTEGER NOT NULL,
	closes_at INTEGER,
	late_to INTEGER,
	own_time INTEGER NOT NULL,
	closed_at INTEGER,
	source TEXT NOT NULL,
	message INTEGER REFERENCES message(id),
	digest TEXT NOT NULL,
	seal TEXT,
	UNIQUE (meeting, item)
) STRICT;
CREATE INDEX ballot_item_unit ON ballot_item(unit, opened_at);
CREATE INDEX ballot_item_message ON ballot_item(message)
	WHERE message IS NOT NULL;

-- The unit's roll when the item was opened, and never changed but for gone:
-- 1 for who was no longer on it when the item was closed.
CREATE TABLE ballot_eligible (
	ballot_item INTEGER NOT NULL REFERENCES ballot_item(id),
	member_no INTEGER NOT NULL,
	standing TEXT NOT NULL,
	status TEXT NOT NULL,
	gone INTEGER NOT NULL DEFAULT 0,
	PRIMARY KEY (ballot_item, member_no)
) STRICT;

-- A ballot is only ever added. counted_as: vote, opinion (of a probationary
-- member). voted_at: when it was sent, by the provider's clock.
ALTER TABLE ballot ADD COLUMN ballot_item INTEGER REFERENCES ballot_item(id);
ALTER TABLE ballot ADD COLUMN seq INTEGER;
ALTER TABLE ballot ADD COLUMN counted_as TEXT;
ALTER TABLE ballot ADD COLUMN voted_at INTEGER;
ALTER TABLE ballot ADD COLUMN prev TEXT;
ALTER TABLE ballot ADD COLUMN hash TEXT;
CREATE UNIQUE INDEX ballot_chain ON ballot(ballot_item, seq)
	WHERE ballot_item IS NOT NULL;

-- What the voter was told: the other half of the chain.
CREATE TABLE ballot_receipt (
	ballot_item INTEGER NOT NULL REFERENCES ballot_item(id),
	seq INTEGER NOT NULL,
	member_no INTEGER NOT NULL,
	hash TEXT NOT NULL,
	PRIMARY KEY (ballot_item, seq)
) STRICT;
