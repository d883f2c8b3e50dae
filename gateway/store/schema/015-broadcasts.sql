-- 015: texts to many, on their way.
--
-- As in 001. broadcast.state: running (errands queue its texts, some at a
-- time, in the order of phones), done, cancelled, expired. after_phone: how
-- far they are; queued: texts so far; by_phone: who sent it, NULL a command.
ALTER TABLE broadcast ADD COLUMN by_phone TEXT;
ALTER TABLE broadcast ADD COLUMN after_phone TEXT;
ALTER TABLE broadcast ADD COLUMN queued INTEGER;
ALTER TABLE broadcast ADD COLUMN ended_at INTEGER;
UPDATE broadcast SET state = 'expired' WHERE state = 'waiting';

CREATE INDEX unit_parent ON unit(parent) WHERE parent IS NOT NULL;
