-- What the kept totals know of the choice: which of them can answer, and in
-- which batches the chosen beginnings are (null: no beginning is chosen).
-- One row.
from known_of($filters)
