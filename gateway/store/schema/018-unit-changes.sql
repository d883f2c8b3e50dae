-- 018: units that merge, split, are renamed, move and end.
--
-- As in 001. A row of unit_change is what was asked for, plan as JSON; state:
-- planned (its day is still to come), done, failed (why says it). Its rows of
-- unit_event are written when it is done, one for each predecessor and
-- successor (NULL: it ended); old_code, old_name, old_parent: as they were.
CREATE TABLE unit_change (
	id INTEGER PRIMARY KEY,
	kind TEXT NOT NULL,
	on_date TEXT NOT NULL,
	document TEXT,
	plan TEXT NOT NULL,
	state TEXT NOT NULL,
	why TEXT,
	created_at INTEGER NOT NULL,
	done_at INTEGER
) STRICT;

CREATE TABLE unit_event (
	id INTEGER PRIMARY KEY,
	change INTEGER NOT NULL REFERENCES unit_change(id),
	kind TEXT NOT NULL,
	predecessor INTEGER NOT NULL REFERENCES unit(id),
	successor INTEGER REFERENCES unit(id),
	on_date TEXT NOT NULL,
	document TEXT,
	old_code TEXT NOT NULL,
	old_name TEXT NOT NULL,
	old_parent INTEGER REFERENCES unit(id)
) STRICT;
CREATE INDEX unit_event_predecessor ON unit_event(predecessor);

-- Which number became which: what was said of a member before stays with the
-- old unit and number.
CREATE TABLE member_moved (
	change INTEGER NOT NULL REFERENCES unit_change(id),
	unit INTEGER NOT NULL REFERENCES unit(id),
	member_no INTEGER NOT NULL,
	to_unit INTEGER NOT NULL REFERENCES unit(id),
	to_no INTEGER NOT NULL,
	PRIMARY KEY (change, unit, member_no)
) STRICT, WITHOUT ROWID;

-- heir: the one unit that a merged unit is part of today. changed_on: the
-- first day of its last change; NULL: it never changed.
ALTER TABLE unit ADD COLUMN heir INTEGER REFERENCES unit(id);
ALTER TABLE unit ADD COLUMN changed_on TEXT;
CREATE INDEX unit_heir ON unit(heir) WHERE heir IS NOT NULL;

-- until: the last day of a name that is no longer the unit's own, though it is
-- still understood.
ALTER TABLE unit_alias ADD COLUMN until TEXT;
