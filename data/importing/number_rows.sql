-- Lets the steps that follow number the staged rows by row_of(rowid). The engine
-- numbers the rows of a new table one after the other; with which number it
-- begins is its own business. A variable belongs to this cursor alone.
set variable first_row = (select min(rowid) from staged)
