"""A notebook with every kind of cell, also such as fail, over the fixtures."""

EVERY_KIND = """---
title: Every kind of cell
---
# Every kind of cell

{{ all.net }} net redemptions of {{ all.codes_issued }} codes; {{ nobody.net }} of nobody.

```control day
type: date
value: 2016-01-15
```

```control which
type: list
of: group
value:
- Email
```

```control days
type: number
value: 28
```

```numbers all
title: All numbers
alert: net > 0
```

```chart weeks
query: over_time
grain: week
```

## By group

```chart uptake
query: uptake_by_group
controls: group=which
```

```compare rest
filter: group=Email&compare=rest
tiles: Codes issued, Net redemptions
```

```pivot months
rows: group
columns: month
measure: net
```

```sql by_group
select group_name, count(*) as codes from chosen_codes group by all order by all
```

```sql bars
-- chart: bar
-- x: group_name
-- y: codes
from by_group
```

```sql wrong
select codez from by_group
```

```chart unknown
query: nothing
```
"""
