"""The filters as options of a command, named as in the address of a page."""

import argparse

from queries.comparison import COMPARE, OF_SECOND, WAYS, Comparison
from queries.filters import PARAMETERS, Filters

# Lists are in the memory of the app, for the person who has brought them.
OPTIONS = tuple(name for name in PARAMETERS if name != "list")


def add_filters(parser: argparse.ArgumentParser) -> None:
    """Give a command an option for each filter."""
    for parameter in OPTIONS:
        parser.add_argument(
            f"--{parameter}",
            action="append",
            default=[],
            metavar="VALUE",
            help="as in the address of a page",
        )


def filters_of(parser: argparse.ArgumentParser, options: argparse.Namespace) -> Filters:
    """The filters that a command was given. Exits with 2 where one cannot be read."""
    pairs = [(name, value) for name in OPTIONS for value in vars(options)[name]]
    filters, problems = Filters.from_query(pairs)
    if problems:
        parser.error(" ".join(problems))
    return filters


def add_comparison(parser: argparse.ArgumentParser) -> None:
    """Give a command the options of a second choice: --compare, and --b-NAME for each filter."""
    ways = ", ".join(WAYS)
    parser.add_argument(f"--{COMPARE}", metavar="WAY", help=f"what is compared: {ways}")
    for parameter in OPTIONS:
        parser.add_argument(
            f"--b-{parameter}",
            action="append",
            default=[],
            metavar="VALUE",
            dest=f"{OF_SECOND}{parameter}",
            help="of the second choice",
        )


def comparison_of(
    parser: argparse.ArgumentParser, options: argparse.Namespace
) -> Comparison | None:
    """The comparison that a command was given. Exits with 2 where it cannot be read."""
    given = vars(options)
    names = [f"{OF_SECOND}{name}" for name in OPTIONS]
    pairs = [(name, value) for name in names for value in given[name]]
    pairs += [(COMPARE, given[COMPARE])] if given[COMPARE] is not None else []
    compared, problems = Comparison.from_query(pairs)
    if problems:
        parser.error(" ".join(problems))
    return compared
