-- 009: answers that were not given.
--
-- withheld: why a text got no answer, or not all its notices went, in words
-- for whoever asks; NULL: nothing was held back.
ALTER TABLE message ADD COLUMN withheld TEXT;
