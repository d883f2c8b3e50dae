-- 017: the calendar, and what was told of a month.
--
-- known_at: when a unit was registered; NULL: before anybody asked. What was
-- due before is not asked of it.
ALTER TABLE unit ADD COLUMN known_at INTEGER;

-- The figures of a digest as they were told: what changes later does not
-- change them. d is NULL for a count. errand: what told them.
CREATE TABLE indicator (
	id INTEGER PRIMARY KEY,
	unit INTEGER NOT NULL REFERENCES unit(id),
	period TEXT NOT NULL,
	name TEXT NOT NULL,
	n INTEGER NOT NULL,
	d INTEGER,
	as_of INTEGER NOT NULL,
	errand INTEGER REFERENCES schedule(id),
	UNIQUE (unit, period, name, as_of)
) STRICT;
