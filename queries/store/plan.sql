-- Which of the store's totals can answer the choice, and in which batches the
-- chosen prefixes are (null: no prefix is chosen).
-- One row.
from plan_of($filters)
