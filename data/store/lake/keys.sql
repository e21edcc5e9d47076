-- How many codes and transactions a cluster is asked about.
-- One row.
select
    (select count(*) from keys_of_file) + (select count(*) from numbers_of_file)
