-- 012: what staff decide, and what they send to many.
--
-- As in 001. A proposal is one record that changes nothing until staff decide;
-- id is the number that texts name it by. state: open, approved, rejected,
-- expired. fields: JSON of what was read. decided_by: a phone, 'command', or
-- 'time'.
CREATE TABLE proposal (
	id INTEGER PRIMARY KEY,
	unit INTEGER NOT NULL REFERENCES unit(id),
	intent TEXT NOT NULL,
	fields TEXT NOT NULL,
	from_phone TEXT NOT NULL,
	message INTEGER REFERENCES message(id),
	created_at INTEGER NOT NULL,
	state TEXT NOT NULL,
	decided_at INTEGER,
	decided_by TEXT,
	decided_message INTEGER REFERENCES message(id),
	reason TEXT
) STRICT;
CREATE INDEX proposal_open ON proposal(id) WHERE state = 'open';

-- Rows of one proposal; they become applied or rejected with it. was: the
-- member's status and standing when it was made.
ALTER TABLE member_event ADD COLUMN proposal INTEGER REFERENCES proposal(id);
ALTER TABLE member_event ADD COLUMN was TEXT;
ALTER TABLE unit_fact ADD COLUMN proposal INTEGER REFERENCES proposal(id);
CREATE INDEX member_event_proposal ON member_event(proposal)
	WHERE proposal IS NOT NULL;
CREATE INDEX unit_fact_proposal ON unit_fact(proposal)
	WHERE proposal IS NOT NULL;
