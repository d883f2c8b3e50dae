-- 007: texts that come in parts which their provider did not join.
--
-- A multipart is one such text while it is put together (message NULL) and
-- what its parts became after that. Found by what the parts share; sent_at,
-- the provider's time of the part that came first, tells two texts of one
-- reference apart. to_phone: '' where not said.

CREATE TABLE multipart (
	id INTEGER PRIMARY KEY,
	channel TEXT NOT NULL,
	from_phone TEXT NOT NULL,
	to_phone TEXT NOT NULL,
	ref TEXT NOT NULL,
	total INTEGER NOT NULL,
	sent_at INTEGER NOT NULL,
	began_at INTEGER NOT NULL,
	message INTEGER REFERENCES message(id)
) STRICT;
CREATE INDEX multipart_key ON multipart(from_phone, ref, total);
CREATE INDEX multipart_open ON multipart(from_phone) WHERE message IS NULL;
CREATE INDEX multipart_message ON multipart(message)
	WHERE message IS NOT NULL;

-- Every part that came, repeats under other ids and late ones too. Some
-- providers give all parts of a text one id.
CREATE TABLE message_part (
	id INTEGER PRIMARY KEY,
	multipart INTEGER NOT NULL REFERENCES multipart(id),
	no INTEGER NOT NULL,
	channel TEXT NOT NULL,
	provider_id TEXT NOT NULL,
	event_id TEXT,
	text TEXT NOT NULL,
	sent_at INTEGER NOT NULL,
	received_at INTEGER NOT NULL,
	UNIQUE (channel, provider_id, no)
) STRICT;
CREATE INDEX message_part_no ON message_part(multipart, no);
