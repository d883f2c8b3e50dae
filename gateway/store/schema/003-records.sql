-- 003: what texts other than reports leave behind.
--
-- As in 001. History is append-only: where several rows speak of the same
-- thing, the one with the highest id counts. fields: JSON of what was read
-- and has no column. message: the text that said it.

-- items: of the remote vote. reason: why there was no meeting; a meeting may
-- be in state 'none': none is held in its period. message: its last plan.
ALTER TABLE meeting ADD COLUMN items INTEGER;
ALTER TABLE meeting ADD COLUMN reason TEXT;
ALTER TABLE meeting ADD COLUMN message INTEGER REFERENCES message(id);

-- state: absent (with or without excuse is not known), excused, unexcused,
-- present, late.
CREATE TABLE attendance (
	id INTEGER PRIMARY KEY,
	meeting INTEGER NOT NULL REFERENCES meeting(id),
	member_no INTEGER NOT NULL,
	state TEXT NOT NULL,
	message INTEGER REFERENCES message(id),
	created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX attendance_meeting ON attendance(meeting, member_no, id);

-- state: applied (the roll has changed), proposed (waits for staff), noted.
-- member_no is NULL where only a count is known.
CREATE TABLE member_event (
	id INTEGER PRIMARY KEY,
	unit INTEGER NOT NULL REFERENCES unit(id),
	member_no INTEGER,
	event TEXT NOT NULL,
	state TEXT NOT NULL,
	fields TEXT,
	message INTEGER REFERENCES message(id),
	created_at INTEGER NOT NULL,
	decided_at INTEGER,
	decided_by INTEGER REFERENCES message(id)
) STRICT;
CREATE INDEX member_event_member ON member_event(unit, member_no, id);
CREATE INDEX member_event_open ON member_event(unit, id)
	WHERE state = 'proposed';

-- An answer to a meeting's invitation. source: sms, or phone when the
-- secretary heard it.
CREATE TABLE invitation (
	id INTEGER PRIMARY KEY,
	meeting INTEGER NOT NULL REFERENCES meeting(id),
	unit INTEGER NOT NULL REFERENCES unit(id),
	member_no INTEGER NOT NULL,
	answer TEXT NOT NULL,
	reason TEXT,
	source TEXT NOT NULL,
	fields TEXT,
	message INTEGER REFERENCES message(id),
	created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX invitation_meeting ON invitation(meeting, member_no, id);

CREATE TABLE ballot (
	id INTEGER PRIMARY KEY,
	meeting INTEGER NOT NULL REFERENCES meeting(id),
	item INTEGER NOT NULL,
	unit INTEGER NOT NULL REFERENCES unit(id),
	member_no INTEGER NOT NULL,
	choice TEXT NOT NULL,
	message INTEGER REFERENCES message(id),
	created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX ballot_meeting ON ballot(meeting, item, member_no, id);

CREATE TABLE opinion (
	id INTEGER PRIMARY KEY,
	unit INTEGER REFERENCES unit(id),
	phone TEXT NOT NULL,
	topic TEXT,
	topic_code TEXT,
	text TEXT NOT NULL,
	state TEXT NOT NULL,
	message INTEGER REFERENCES message(id),
	created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX opinion_open ON opinion(unit, id) WHERE state = 'open';

-- no: the candidate's number in its unit; helper: a member of it.
CREATE TABLE candidate (
	id INTEGER PRIMARY KEY,
	unit INTEGER NOT NULL REFERENCES unit(id),
	no INTEGER NOT NULL,
	step TEXT NOT NULL,
	helper INTEGER,
	message INTEGER REFERENCES message(id),
	created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX candidate_unit ON candidate(unit, no, id);

-- no: counted in its unit. members: JSON list of roll numbers.
CREATE TABLE task (
	id INTEGER PRIMARY KEY,
	unit INTEGER NOT NULL REFERENCES unit(id),
	no INTEGER NOT NULL,
	members TEXT,
	text TEXT,
	due_on TEXT,
	state TEXT NOT NULL,
	message INTEGER REFERENCES message(id),
	created_at INTEGER NOT NULL,
	done_at INTEGER,
	done_by INTEGER REFERENCES message(id),
	UNIQUE (unit, no)
) STRICT;

CREATE TABLE unit_fact (
	id INTEGER PRIMARY KEY,
	unit INTEGER NOT NULL REFERENCES unit(id),
	fact TEXT NOT NULL,
	value TEXT NOT NULL,
	since TEXT,
	state TEXT NOT NULL,
	message INTEGER REFERENCES message(id),
	created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX unit_fact_unit ON unit_fact(unit, fact, id);

-- Requests about one's own data: answered within two working days.
CREATE TABLE ticket (
	id INTEGER PRIMARY KEY,
	phone TEXT NOT NULL,
	unit INTEGER REFERENCES unit(id),
	what TEXT NOT NULL,
	state TEXT NOT NULL,
	due_on TEXT NOT NULL,
	message INTEGER REFERENCES message(id),
	created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX ticket_open ON ticket(due_on) WHERE state = 'open';

-- A text to many, as it was handed in; nothing is sent from here yet.
CREATE TABLE broadcast (
	id INTEGER PRIMARY KEY,
	unit INTEGER NOT NULL REFERENCES unit(id),
	audience TEXT NOT NULL,
	text TEXT NOT NULL,
	state TEXT NOT NULL,
	message INTEGER REFERENCES message(id),
	created_at INTEGER NOT NULL
) STRICT;

-- What one text stored, for its story.
CREATE INDEX meeting_message ON meeting(message) WHERE message IS NOT NULL;
CREATE INDEX attendance_message ON attendance(message) WHERE message IS NOT NULL;
CREATE INDEX member_event_message ON member_event(message) WHERE message IS NOT NULL;
CREATE INDEX invitation_message ON invitation(message) WHERE message IS NOT NULL;
CREATE INDEX ballot_message ON ballot(message) WHERE message IS NOT NULL;
CREATE INDEX opinion_message ON opinion(message) WHERE message IS NOT NULL;
CREATE INDEX candidate_message ON candidate(message) WHERE message IS NOT NULL;
CREATE INDEX task_message ON task(message) WHERE message IS NOT NULL;
CREATE INDEX unit_fact_message ON unit_fact(message) WHERE message IS NOT NULL;
CREATE INDEX ticket_message ON ticket(message) WHERE message IS NOT NULL;
CREATE INDEX broadcast_message ON broadcast(message) WHERE message IS NOT NULL;
