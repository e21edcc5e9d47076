-- Sets the variable with which row_of(rowid) numbers the staged rows. DuckDB
-- numbers the rows of a new table one after the other, but not always from 0.
-- A variable belongs to this cursor alone.
set variable first_row = (select min(rowid) from staged)
