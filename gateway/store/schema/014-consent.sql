-- 014: what each phone has said about being texted, and the cap.
--
-- As in 001. A row of consent is one thing that happened, never changed: the
-- one with the highest id counts, and contact.consent repeats its `given`.
-- event: asked (the one registration text), opted_in, opted_out, detached
-- (not the number of whom it was thought), imported (by the registry),
-- refused_by_provider. text_version: of the text that was agreed to, by its
-- digest. basis: why it counts. message, outbox: the text that did it.
CREATE TABLE consent (
	id INTEGER PRIMARY KEY,
	phone TEXT NOT NULL,
	event TEXT NOT NULL,
	given INTEGER NOT NULL,
	text_version TEXT,
	at INTEGER NOT NULL,
	channel TEXT,
	basis TEXT NOT NULL,
	message INTEGER REFERENCES message(id),
	outbox INTEGER REFERENCES outbox(id)
) STRICT;
CREATE INDEX consent_phone ON consent(phone, id);
CREATE UNIQUE INDEX consent_asked ON consent(phone) WHERE event = 'asked';
CREATE INDEX consent_message ON consent(message) WHERE message IS NOT NULL;
CREATE INDEX consent_outbox ON consent(outbox) WHERE outbox IS NOT NULL;

-- duty_off: not even what goes with its holder's role.
ALTER TABLE contact ADD COLUMN duty_off INTEGER;

UPDATE contact SET consent = 0 WHERE opted_out = 1;
INSERT INTO consent (phone, event, given, at, basis, outbox)
	SELECT phone, CASE WHEN opted_out_outbox IS NULL THEN 'opted_out'
	ELSE 'refused_by_provider' END, 0, coalesce(opted_out_at, updated_at),
	'as the contact stood before there were records', opted_out_outbox
	FROM contact WHERE opted_out = 1 ORDER BY id;
INSERT INTO consent (phone, event, given, at, basis)
	SELECT phone, 'imported', 1, updated_at,
	'as the contact stood before there were records'
	FROM contact WHERE consent = 1 ORDER BY id;

-- What a number was sent unasked, by when it was sent; of what may have been,
-- when it was due.
CREATE INDEX outbox_unasked ON outbox(to_phone, coalesce(sent_at, due_at))
	WHERE lane <> 'reply' AND (sent_at IS NOT NULL OR state = 'unsure');
