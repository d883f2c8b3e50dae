-- 001: what one text in and one text out need.
--
-- Ids are integers, instants epoch ms UTC (_at), days local ISO text (_on),
-- phones E.164, states and kinds the names that gateway/model gives them.
-- A figure that was not said is NULL. Indices cost a page of log each per
-- message: there is none that no statement of gateway/store/sql.c uses.

CREATE TABLE schema_version (
	version INTEGER PRIMARY KEY
) STRICT;

-- A tree with no fixed levels. aliases: as registered, '|' between them.
CREATE TABLE unit (
	id INTEGER PRIMARY KEY,
	code TEXT NOT NULL UNIQUE,
	name TEXT NOT NULL,
	kind TEXT NOT NULL,
	parent INTEGER REFERENCES unit(id),
	aliases TEXT NOT NULL,
	valid_from TEXT,
	valid_to TEXT
) STRICT;

-- What a text may call a unit: code, name and aliases, folded. Derived.
CREATE TABLE unit_alias (
	key TEXT NOT NULL,
	unit INTEGER NOT NULL REFERENCES unit(id),
	PRIMARY KEY (key, unit)
) STRICT, WITHOUT ROWID;
CREATE INDEX unit_alias_unit ON unit_alias(unit);

-- on_roll follows status, wherever that is written: counted for every report.
CREATE TABLE member (
	id INTEGER PRIMARY KEY,
	unit INTEGER NOT NULL REFERENCES unit(id),
	no INTEGER NOT NULL,
	name TEXT NOT NULL,
	standing TEXT NOT NULL,
	status TEXT NOT NULL,
	dest TEXT,
	phone TEXT,
	on_roll INTEGER NOT NULL,
	UNIQUE (unit, no)
) STRICT;
CREATE INDEX member_roll ON member(unit, on_roll);
CREATE INDEX member_phone ON member(phone) WHERE phone IS NOT NULL;

CREATE TABLE contact (
	id INTEGER PRIMARY KEY,
	phone TEXT NOT NULL UNIQUE,
	language TEXT NOT NULL,
	consent INTEGER NOT NULL,
	opted_out INTEGER NOT NULL,
	opted_out_at INTEGER,
	updated_at INTEGER NOT NULL
) STRICT;

-- valid_from and valid_to are days on which the role still holds.
CREATE TABLE contact_role (
	phone TEXT NOT NULL REFERENCES contact(phone),
	role TEXT NOT NULL,
	unit INTEGER NOT NULL REFERENCES unit(id),
	member_no INTEGER,
	valid_from TEXT,
	valid_to TEXT,
	PRIMARY KEY (phone, role, unit)
) STRICT, WITHOUT ROWID;
CREATE INDEX contact_role_staff ON contact_role(unit) WHERE role = 'staff';

-- provider_id is what repeats are known by; event_id, the provider's id of
-- one delivery attempt, is kept to be seen.
CREATE TABLE message (
	id INTEGER PRIMARY KEY,
	channel TEXT NOT NULL,
	provider_id TEXT NOT NULL,
	event_id TEXT,
	from_phone TEXT NOT NULL,
	to_phone TEXT,
	text TEXT NOT NULL,
	text_hash INTEGER NOT NULL,
	sent_at INTEGER NOT NULL,
	received_at INTEGER NOT NULL,
	state TEXT NOT NULL,
	intent TEXT,
	duplicate_of INTEGER REFERENCES message(id),
	rule_version TEXT,
	error TEXT,
	UNIQUE (channel, provider_id)
) STRICT;
-- Twice under two ids: by ten seconds of provider time first, so that only
-- the end of the index is ever touched, however many messages there are.
CREATE INDEX message_near ON message(sent_at / 10000, text_hash);

-- Bodies that brought the process down twice, unread.
CREATE TABLE quarantine (
	id INTEGER PRIMARY KEY,
	channel TEXT NOT NULL,
	digest BLOB NOT NULL UNIQUE,
	body BLOB NOT NULL,
	why TEXT NOT NULL,
	received_at INTEGER NOT NULL
) STRICT;

-- state: announced, held, cancelled.
CREATE TABLE meeting (
	id INTEGER PRIMARY KEY,
	unit INTEGER NOT NULL REFERENCES unit(id),
	period TEXT NOT NULL,
	kind TEXT NOT NULL,
	planned_on TEXT,
	planned_minute INTEGER,
	place TEXT,
	topics TEXT,
	held_on TEXT,
	state TEXT NOT NULL,
	UNIQUE (unit, kind, held_on)
) STRICT;
CREATE INDEX meeting_announced ON meeting(unit) WHERE state = 'announced';

-- One row per stored version. fields: JSON of what has no column here.
CREATE TABLE meeting_report (
	id INTEGER PRIMARY KEY,
	meeting INTEGER NOT NULL REFERENCES meeting(id),
	version INTEGER NOT NULL,
	total INTEGER,
	present INTEGER,
	excused INTEGER,
	unexcused INTEGER,
	absent INTEGER,
	away INTEGER,
	exempt INTEGER,
	official INTEGER,
	probationary INTEGER,
	upper INTEGER,
	resolution TEXT,
	vote_for INTEGER,
	vote_against INTEGER,
	vote_abstain INTEGER,
	score INTEGER,
	minutes INTEGER,
	fields TEXT,
	message INTEGER REFERENCES message(id),
	from_phone TEXT NOT NULL,
	created_at INTEGER NOT NULL,
	voided_at INTEGER,
	voided_by INTEGER REFERENCES message(id),
	UNIQUE (meeting, version)
) STRICT;
CREATE INDEX report_sender ON meeting_report(from_phone, id);

-- The queue of texts out; states in gateway/store/outbox.h.
CREATE TABLE outbox (
	id INTEGER PRIMARY KEY,
	to_phone TEXT NOT NULL,
	text TEXT NOT NULL,
	lane TEXT NOT NULL,
	channel TEXT,
	state TEXT NOT NULL,
	attempts INTEGER NOT NULL,
	created_at INTEGER NOT NULL,
	due_at INTEGER NOT NULL,
	valid_until INTEGER NOT NULL,
	sent_at INTEGER,
	dedupe_key TEXT UNIQUE,
	provider_ref TEXT,
	message INTEGER REFERENCES message(id),
	why TEXT
) STRICT;
CREATE INDEX outbox_due ON outbox(lane, due_at, id) WHERE state = 'queued';
CREATE INDEX outbox_live ON outbox(to_phone, id)
	WHERE state IN ('queued', 'sending');
CREATE INDEX outbox_state ON outbox(state)
	WHERE state IN ('sending', 'failed', 'expired', 'unsure', 'held');

CREATE TABLE outbox_attempt (
	outbox INTEGER NOT NULL REFERENCES outbox(id),
	n INTEGER NOT NULL,
	at INTEGER NOT NULL,
	channel TEXT,
	verdict TEXT NOT NULL,
	why TEXT,
	ref TEXT,
	PRIMARY KEY (outbox, n)
) STRICT, WITHOUT ROWID;

-- Questions that wait for an answer, known by the text that asks: one open
-- of a kind for a phone and member, the next of that kind takes its place.
CREATE TABLE pending (
	outbox INTEGER PRIMARY KEY REFERENCES outbox(id),
	phone TEXT NOT NULL,
	question TEXT NOT NULL,
	member_no INTEGER NOT NULL,
	subject INTEGER,
	message INTEGER REFERENCES message(id),
	intent TEXT,
	fields TEXT,
	problem TEXT,
	tries INTEGER NOT NULL,
	created_at INTEGER NOT NULL,
	expires_at INTEGER NOT NULL,
	settled_at INTEGER,
	settled_by INTEGER REFERENCES message(id)
) STRICT;
CREATE UNIQUE INDEX pending_open ON pending(phone, question, member_no)
	WHERE settled_at IS NULL;
