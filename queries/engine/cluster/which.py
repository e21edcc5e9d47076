"""Which queries a cluster is asked, of those that read the rows: codes and transactions.

A query of the rows that stands in none of these lists fails a test of tests/house/.
"""

# Equal on the store and on a cluster, by the tests in tests/cluster/.
ANSWERED = frozenset(
    {
        # lists and their numbers
        *("codes_found", "codes_rows", "transactions_rows", "prefix_counts", "maturity"),
        *("time_to_redeem", "since", "since_rows", "import_changes", "import_changes_rows"),
        # whether a code is there, and what the store holds
        *("held_codes", "held_transactions", "held_changes", "held_since", "data_until"),
        *("list_stored", "begins_enough", "codes_begun", "texts_begun", "texts_like_codes"),
        # one code
        *("code_behind", "code_children", "code_facts", "code_groups", "code_imports"),
        *("code_story", "code_to_check", "code_without_file", "parent_to_check"),
        # files
        *("table_codes", "table_codes_more", "table_transactions", "table_since"),
        # what an import may touch
        *("near_codes", "near_transactions", "near_rows"),
        # totals as a whole, which are put where queries/engine/selection.py puts a selection
        *("select_code_totals", "select_redemption_totals", "select_site_totals"),
    }
)
# Whose rows come in the order of the store, of those.
IN_ORDER_OF_STORE = frozenset(
    {"table_codes", "table_codes_more", "table_transactions", "table_since", "import_changes_rows"}
)
# Whose rows come with their position as a further column.
WITH_POSITION = frozenset({"near_codes", "near_transactions"})
# What the files are read with, for either.
PLACED = IN_ORDER_OF_STORE | WITH_POSITION
# Each page's head and sidebar show these, and go on where a cluster is gone: they are read here.
SENT = ANSWERED - {"data_until", "prefix_counts"}
# The file of each of these is written here, from the rows of the other.
FILES = {
    "export_codes": "table_codes",
    "export_codes_more": "table_codes_more",
    "export_transactions": "table_transactions",
    "export_since": "table_since",
}
# The totals are all that these need: the store's, or those that a cluster has counted.
OF_TOTALS = frozenset(
    {
        *("batches", "batches_found", "by_site", "cancellations", "cancellation_funnel"),
        *("compare_numbers", "export_codes_facts", "export_codes_rows", "exposure"),
        *("export_transactions_facts", "export_transactions_rows", "facets_of_codes"),
        *("facets_of_transactions", "numbers", "options_of_codes", "options_of_transactions"),
        *("over_time", "rate_within_days", "redemption_curve", "status", "too_young", "trend"),
        *("uptake_by_group", "weekday_hour", "codes_steps", "transactions_steps"),
    }
)
# No row decides these: which columns there are.
OF_NO_ROW = frozenset({"file_columns"})
_PARENTS = "Chains of parents take as many steps as there are generations, each over all codes."
_CHECKS = "Checks compare all redemptions of a code with each other, in an order of their own."
_NEAR = "What a code looks like is decided by Unicode's tables, of which an engine has its own."
_PIVOT = "Pivot tables need days, weeks and months, which engines count differently."
# And these are not answered on a cluster, in a sentence for the analyst.
NOT_ANSWERED = {
    "bounceback": _PARENTS,
    "bounceback_chains": _PARENTS,
    "parent_checks": _PARENTS,
    "to_check": _CHECKS,
    "to_check_count": _CHECKS,
    "to_check_rows": _CHECKS,
    "list_found": "Of several redemptions at one time, engines take different ones first.",
    "near_letters": _NEAR,
    "near_looks": _NEAR,
    "near_numbers": _NEAR,
    "over_time_split": _PIVOT,
    "pivot": _PIVOT,
    "pivot_table": _PIVOT,
    "pivot_totals": _PIVOT,
    "hidden_prefixes": "Which prefixes tell too much of a code is read from the totals and the "
    "rows at once.",
    "plan": "Which totals can answer is read from the totals and the rows at once.",
    "export_changes": "What an import changed stands in the store, and only what it brought "
    "among the rows.",
}
