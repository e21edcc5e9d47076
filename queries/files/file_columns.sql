-- The columns of a file of $kind: codes, codes_more, transactions or since.
-- One row per column, in their order.
select column_name
from (describe from codes_file($filters))
where $kind = 'codes'
union all
select column_name
from (describe from codes_file_more($filters))
where $kind = 'codes_more'
union all
select column_name
from (describe from transactions_file($filters))
where $kind = 'transactions'
union all
select column_name
from (describe from since_file($filters, null, null, 'gone'))
where $kind = 'since'
