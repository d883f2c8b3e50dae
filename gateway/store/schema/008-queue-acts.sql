-- 008: texts that a person queued again or cancelled.
--
-- again: how often it left under a new name, because its provider had taken it
-- and would not take the same name twice. What the person did is a line of
-- outbox_attempt, with verdict 'requeued' or 'cancelled'.
ALTER TABLE outbox ADD COLUMN again INTEGER;

-- The questions that a text answered, for its story.
CREATE INDEX pending_settled ON pending(settled_by)
	WHERE settled_by IS NOT NULL;
