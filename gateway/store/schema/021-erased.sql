-- 021: what is counted of a person goes on being counted when they are erased.
--
-- As in 001. unit: whose texts those of an erased phone are counted as; NULL
-- until then.
ALTER TABLE person ADD COLUMN unit INTEGER REFERENCES unit(id);
