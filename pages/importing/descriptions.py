"""What offered files are, in words."""

from data.importing.csv_file import COLUMNS
from data.importing.preview import Preview
from data.importing.proposals import Known, Proposal
from pages.text.escape import bold, escaped
from pages.text.numbers import plural
from queries.text import day, days, listed

KNOWN = {
    Known.CODES: "known since {}",
    Known.SOME_CODES: "partly known since {}",
    Known.NAME: "file of this name known since {}",
}


def in_words(files: list[tuple[str, Preview]]) -> str:
    """What files are together, as Markdown; of a single one, more of it."""
    if len(files) > 1:
        return f"**{plural(len(files), 'file')}**: {listed(_totals([f for _, f in files]))}"
    ((name, found),) = files
    (rows,) = _totals([found])
    words = f"{bold(name)}: {rows} of {escaped(groups(found))}"
    return ", ".join(part for part in (words, dates(found)) if part)


def origin(proposal: Proposal) -> str:
    """Where a proposed scope comes from."""
    words = []
    if proposal.known and proposal.since:
        words.append(KNOWN[proposal.known].format(day(proposal.since.date())))
    sources = {"name": proposal.from_name, "codes": proposal.from_codes}
    if by := [source for source, is_one in sources.items() if is_one]:
        words.append(f"proposed by its {listed(by)}")
    return "; ".join(words) or "new"


def groups(found: Preview, most: int = 10) -> str:
    """The groups of a file: Email, SMS and 3 others."""
    names = found.groups[:most]
    if others := found.group_count - len(names):
        names = [*names, plural(others, "other")]
    return listed(names) or "no group"


def dates(found: Preview) -> str:
    """From the first start to the last expiry of codes, or the period of redemptions."""
    if not (found.first and found.last):
        return ""
    return days(found.first.date(), found.last.date())


def _totals(found: list[Preview]) -> list[str]:
    rows = {kind: sum(seen.rows for seen in found if seen.kind == kind) for kind in COLUMNS}
    return [plural(count, kind.removesuffix("s")) for kind, count in rows.items() if count]
