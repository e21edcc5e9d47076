"""Says at the start of the app, in a sentence, why no cluster could be asked at an address."""

import warnings

PANDAS = "PySpark does not yet fully support pandas"  # which is not used here
MISSING = (
    "VOUCHERS_ENGINE names a cluster, and the packages that ask one are not installed. "
    "Install them with: .ci/install.sh requirements-cluster.txt"
)
# Without the address itself, which may hold a token.
WRONG = (
    "VOUCHERS_ENGINE is no address of Spark Connect. It is written as sc://host:15002, or with "
    "options as sc://host:443/;use_ssl=true;token=…"
)


def problem_at(address: str) -> str | None:
    """Why nothing can be asked at the address; None where it can, once the cluster answers."""
    hide_warning()
    try:
        import sqlglot  # noqa: F401 - whether it is there
        from pyspark.sql.connect.client.core import DefaultChannelBuilder
    except ImportError:  # pyspark raises it too, where it is not content with a version
        return MISSING
    try:
        DefaultChannelBuilder(address)
    except ValueError:  # also pyspark's own
        return WRONG
    return None


def hide_warning() -> None:
    """Let PySpark import without a warning of pandas 3."""
    warnings.filterwarnings("ignore", PANDAS, FutureWarning)
