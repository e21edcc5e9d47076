-- What rows added before they change. Tables of their own: into a table that
-- was made of no row, DuckDB 2.0.0 inserts 122,880 sorted or grouped rows and
-- does not find them again in the same transaction.
create or replace temp table code_before as
from code_changes;

create or replace temp table redemption_before as
from redemption_changes;

create or replace temp table site_before as
from site_changes;
