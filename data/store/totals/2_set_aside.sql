-- Sets aside what rows added before they change. Tables of their own: into a
-- table created from no row, DuckDB 2.0.0 inserts 122,880 sorted or grouped
-- rows and does not see them in the same transaction.

-- One row per kind of code.
create or replace temp table code_before as
from code_changes;

-- One row per hour and kind of redemption.
create or replace temp table redemption_before as
from redemption_changes;

-- One row per site and kind of redemption.
create or replace temp table site_before as
from site_changes;
