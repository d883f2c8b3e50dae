-- 019: who read or changed what is known of a person, and how it is erased.
--
-- As in 001. person: a number for each phone that the audit speaks of (p12);
-- when the person is erased the phone goes, and p12 stands wherever it stood.
-- Numbers are given in order: nothing of the phone is in them.
CREATE TABLE person (
	id INTEGER PRIMARY KEY,
	phone TEXT UNIQUE
) STRICT;

-- Never changed; a chain of hex SHA-256 over all that stands in a row and the
-- hash of the row before it. who: 'p12', or 'uid 1000' for a command. people:
-- how many it was about, where it was about many.
CREATE TABLE audit (
	seq INTEGER PRIMARY KEY,
	at INTEGER NOT NULL,
	who TEXT NOT NULL,
	what TEXT NOT NULL,
	unit INTEGER,
	member_no INTEGER,
	person INTEGER,
	people INTEGER,
	prev TEXT NOT NULL,
	hash TEXT NOT NULL
) STRICT;

-- state: open -> answered (erase only: due_on is then the day by which it must
-- be done) -> closed. done: what was done, in staff's words. by: as audit.who.
ALTER TABLE ticket ADD COLUMN answered_at INTEGER;
ALTER TABLE ticket ADD COLUMN closed_at INTEGER;
ALTER TABLE ticket ADD COLUMN closed_by TEXT;
ALTER TABLE ticket ADD COLUMN done TEXT;
DROP INDEX ticket_open;
CREATE INDEX ticket_open ON ticket(due_on) WHERE state <> 'closed';

-- Where the chain ends, so that its last rows cannot go unseen.
CREATE TABLE audit_end (
	id INTEGER PRIMARY KEY,
	seq INTEGER NOT NULL,
	hash TEXT NOT NULL
) STRICT;
INSERT INTO audit_end (id, seq, hash) VALUES (1, 0, '');

-- How far tonight's purge is.
CREATE TABLE purge (
	id INTEGER PRIMARY KEY,
	step INTEGER NOT NULL,
	upto INTEGER NOT NULL
) STRICT;
INSERT INTO purge (id, step, upto) VALUES (1, 0, 0);
