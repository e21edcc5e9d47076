"""What can go wrong with a cluster, in sentences that quote nothing: its own may quote codes."""


class ClusterError(Exception):
    """The cluster has not answered; the text says why in one sentence."""


class ClusterAway(ClusterError):
    """The cluster cannot be reached."""

    def __init__(self) -> None:
        super().__init__(
            "The cluster that holds the rows does not answer: tables of rows and files of them "
            "come back as soon as it does."
        )


class ClusterFailed(ClusterError):
    """The cluster was reached and failed."""

    def __init__(self, name: str, kind: str) -> None:
        super().__init__(f"The cluster that holds the rows could not answer {name} ({kind}).")


class FilesUnseen(ClusterError):
    """The cluster's machines lack files that the app has."""

    def __init__(self) -> None:
        super().__init__(
            "The cluster does not see all files of the rows: its machines need them at the same "
            "path as the app."
        )


class NotOnCluster(ClusterError):
    """The query is none of those that go to a cluster."""


class Abandoned(ClusterError):
    """Nobody wants the answer any more."""

    def __init__(self) -> None:
        super().__init__("The query was cancelled.")
