-- 004: texts that are read again.
--
-- A message's row says how it is read now; how it was read before stays here,
-- in the order of n. fields: what a record other than a report was made of.

ALTER TABLE message ADD COLUMN fields TEXT;

CREATE TABLE message_reading (
	message INTEGER NOT NULL REFERENCES message(id),
	n INTEGER NOT NULL,
	replaced_at INTEGER NOT NULL,
	state TEXT NOT NULL,
	intent TEXT,
	error TEXT,
	rule_version TEXT,
	fields TEXT,
	PRIMARY KEY (message, n)
) STRICT, WITHOUT ROWID;

-- A sender's last report is that of the last text, not of the last row: a
-- text of long ago may be carried out today.
DROP INDEX report_sender;
CREATE INDEX report_sender ON meeting_report(from_phone, message, id);
