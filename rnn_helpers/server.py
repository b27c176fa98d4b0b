"""What `course.py` has JupyterLab's server do otherwise than usual, for safety."""

import secrets
from typing import Any

import traitlets
from jupyter_server.auth.identity import PasswordIdentityProvider
from jupyter_server.services.contents.largefilemanager import AsyncLargeFileManager


class NoWidgetStates(AsyncLargeFileManager):
    """Reads and writes notebooks without the states of widgets.

    JupyterLab makes the widgets of such states as soon as a notebook is opened, whoever wrote it, and a widget may
    bring code of its own. The course's figures do not need them: their outputs hold a picture and a sentence.
    """

    async def get(self, *arguments: Any, **options: Any) -> dict[str, Any]:
        """Return a file as the page gets it."""
        model: dict[str, Any] = await super().get(*arguments, **options)  # type: ignore[no-untyped-call]
        return without_states(model)

    async def save(self, model: dict[str, Any], path: str = "") -> dict[str, Any]:
        """Write a file as the page sends it."""
        saved: dict[str, Any] = await super().save(without_states(model), path)  # type: ignore[no-untyped-call]
        return saved


class NeverWithoutToken(PasswordIdentityProvider):
    """Makes a token where a configuration says that there is none: any program here could run code without one."""

    @traitlets.validate("token")
    def _or_a_new_one(self, proposal: dict[str, str]) -> str:
        if not proposal["value"]:
            self.token_generated = True  # so that it is printed, for a browser that does not open by itself
        return proposal["value"] or secrets.token_hex(24)


def without_states(model: dict[str, Any]) -> dict[str, Any]:
    """Take the states out of what the server calls a model, if it is one of a notebook with its content."""
    if model.get("type") == "notebook" and model.get("content"):
        model["content"].get("metadata", {}).pop("widgets", None)
    return model
