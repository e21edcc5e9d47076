-- The kinds of chosen codes, for the queries of one view.
-- One row per kind of code.
select
    * exclude (bytes, formula_like, is_live),
from chosen_code_totals($code_totals, $filters)
