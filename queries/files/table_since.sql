-- The chosen codes under one heading of since.sql, typed.
-- One row per code, in the order of the store.
from since_file($filters, $since, $from_import, $change)
