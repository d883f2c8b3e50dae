-- 010: contacts that a provider says have opted out.
--
-- opted_out_outbox: the text whose refusal said so; NULL: the person's own
-- text did, or nobody has.
ALTER TABLE contact ADD COLUMN opted_out_outbox INTEGER REFERENCES outbox(id);
