-- How the rows of a store on a lake are read.

-- One row per row of the Parquet files, in their order. A folder called a=b
-- would become a column of its own.
create macro rows_in(paths) as table
from read_parquet(paths, hive_partitioning = false);
