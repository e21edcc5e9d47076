"""The filters as options of a command, named as in the address of a page."""

import argparse

from queries.filters import PARAMETERS, Filters


def add_filters(parser: argparse.ArgumentParser) -> None:
    """Give a command an option for each filter."""
    for parameter in PARAMETERS:
        parser.add_argument(
            f"--{parameter}",
            action="append",
            default=[],
            metavar="VALUE",
            help="as in the address of a page",
        )


def filters_of(parser: argparse.ArgumentParser, options: argparse.Namespace) -> Filters:
    """The filters that a command was given. Exits with 2 where one cannot be read."""
    pairs = [(name, value) for name in PARAMETERS for value in vars(options)[name]]
    filters, problems = Filters.from_query(pairs)
    if problems:
        parser.error(" ".join(problems))
    return filters
