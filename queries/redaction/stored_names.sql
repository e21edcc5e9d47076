-- Which of $texts (null: any) the store has as names, under which filter.
-- One row per filter and name.
select field, name
from names_among($filters, $texts)
where name is not null
