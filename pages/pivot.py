"""Pivot: any measure by any rows and columns, with totals that are right."""

from pages.charts.tiles import tiles
from pages.frame.head import nothing_chosen, page_head
from pages.pivoting.panel import pivot_panel

page_head("Pivot")
numbers = tiles(
    ("Codes issued", "Redeemed codes", "Redemption rate", "Net redemptions", "Cancellation rate")
)
if not numbers["codes_issued"] and not numbers["redemptions"]:
    nothing_chosen()
pivot_panel()
