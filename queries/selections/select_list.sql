-- The codes of a list that chooses rows, list_lines.
-- One row per code.
select distinct code
from list_lines
