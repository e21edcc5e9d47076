-- Since which day since.sql counts where nothing else is said, and how many
-- imports that are; not told to who does not see all rows.
-- One row; monday is null where there is no import.
select
    monday_of_imports() as monday,
    if(sees_all($filters), count(*), null) as imports,
from imports_since(null, null)
