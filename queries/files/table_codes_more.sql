-- Every chosen code, typed, with further columns behind the nine.
-- One row per code, in the order of the store.
from codes_file_more($filters)
