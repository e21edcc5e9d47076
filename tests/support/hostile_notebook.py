"""A notebook whose texts and names try to run, to load or to be formulas."""

HOSTILE = """---
title: "</title><script>window.ran = 1</script>"
filter: group=%3Cscript%3Ewindow.ran%3D1%3C%2Fscript%3E&group=Email
---
# Report </script><script>window.ran = 2</script>

<script>window.ran = 3</script> <img src=x onerror="window.ran = 4"> {{ week.net }}

[click](javascript:window.ran=5) [data](data:text/html,<script>window.ran=6</script>)
![pixel](https://example.com/pixel.png) ![file](file:///etc/passwd)
![x" onerror="window.ran=7](https://example.com/a.png)

<https://example.com/{{ week.net }}> [{{ week.net }}](https://example.com/?q={{ week.net }})

```numbers week
title: '=cmd|'' /C calc''!A0 </script><script>window.ran = 8</script>'
alert: net > 0
```

```control c
type: list
label: "<b onmouseover=window.ran=9>x</b>"
value: ["=1+1", "</script>", "@SUM(1)"]
```

```chart by_site
title: "<svg onload=window.ran=10>"
```

```pivot </td><script>window.ran=11</script>
rows: group
```
"""
