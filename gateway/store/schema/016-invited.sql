-- 016: invitations and the plan that they are for.
--
-- plan: counts the days and hours that a meeting was planned for, so that an
-- invitation and an answer belong to one of them; what was answered for an
-- earlier one says nothing of this one.
ALTER TABLE meeting ADD COLUMN plan INTEGER NOT NULL DEFAULT 0;
ALTER TABLE invitation ADD COLUMN plan INTEGER NOT NULL DEFAULT 0;

-- plan: the last one of which this phone was told. outbox: the text that did;
-- older ones of it are not sent any more. known: one of them has left.
ALTER TABLE invited ADD COLUMN plan INTEGER NOT NULL DEFAULT 0;
ALTER TABLE invited ADD COLUMN outbox INTEGER REFERENCES outbox(id);
ALTER TABLE invited ADD COLUMN known INTEGER NOT NULL DEFAULT 0;

CREATE INDEX contact_role_unit ON contact_role(unit, role);
