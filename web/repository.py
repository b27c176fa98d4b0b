"""Where the course is on GitHub: the workflow that runs knows it, and so does a clone."""


def repository() -> str | None:
    """Return OWNER/NAME on GitHub, from the workflow or from the clone's remote; None where there is neither."""
    return None
