-- 011: what the gateway does by itself, and when.
--
-- As in 001. A row of schedule is one errand, done at most once: run_id names
-- it by kind, subject and day, so a plan that is made again adds nothing and a
-- tick that is repeated does nothing. state: waiting, done, missed (its time
-- was over), void (no longer planned). why: for people.
CREATE TABLE schedule (
	id INTEGER PRIMARY KEY,
	run_id TEXT NOT NULL UNIQUE,
	kind TEXT NOT NULL,
	due_at INTEGER NOT NULL,
	unit INTEGER REFERENCES unit(id),
	meeting INTEGER REFERENCES meeting(id),
	subject INTEGER,
	period TEXT,
	state TEXT NOT NULL,
	done_at INTEGER,
	why TEXT
) STRICT;
CREATE INDEX schedule_due ON schedule(due_at, id) WHERE state = 'waiting';
CREATE INDEX schedule_meeting ON schedule(meeting) WHERE meeting IS NOT NULL;
CREATE INDEX schedule_subject ON schedule(kind, subject)
	WHERE subject IS NOT NULL;

-- Who was invited, once for a phone and the member that it speaks for; what
-- an answer rate is counted against. audience: member, overseer.
CREATE TABLE invited (
	id INTEGER PRIMARY KEY,
	meeting INTEGER NOT NULL REFERENCES meeting(id),
	unit INTEGER NOT NULL REFERENCES unit(id),
	member_no INTEGER NOT NULL,
	phone TEXT NOT NULL,
	audience TEXT NOT NULL,
	created_at INTEGER NOT NULL,
	UNIQUE (meeting, member_no, phone)
) STRICT;

-- errand: what made the text. duty: it goes with a role, whether or not its
-- holder takes other texts. needs has two more values: 'report' (the meeting
-- of needs_id has none yet), 'answer' (the row of invited has none yet).
ALTER TABLE outbox ADD COLUMN errand INTEGER REFERENCES schedule(id);
ALTER TABLE outbox ADD COLUMN duty INTEGER;
