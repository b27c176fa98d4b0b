"""Parameters in a file: written whole or not at all, and read with suspicion."""

import os
from os import PathLike
from pathlib import Path

import numpy as np

from rnn_helpers import validate
from rnn_helpers.params import RNNParams

FORMAT = "rnn_helpers.RNNParams.1"


def save(path: str | PathLike[str], params: RNNParams) -> None:
    """Write the parameters to an .npz file. A crash on the way leaves the old file, if there was one, as it was.

    Parameters
    ----------
    path : ends in .npz.
    params : RNNParams; other arrays that have its shapes, such as a regression head's, will do.

    Raises
    ------
    TypeError, ValueError : parameters that are none, or a path that does not end in .npz.
    OSError : a folder that does not exist or cannot be written to.
    """
    target = _checked_path(path)
    params = validate.params(params, RNNParams)
    # Written beside its target, on the same disk: only there can it take the old file's place in one move.
    beside = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    try:
        with beside.open("wb") as file:
            np.savez(file, format=np.array(FORMAT), **params._asdict())
            file.flush()
            os.fsync(file.fileno())
        beside.replace(target)
    finally:
        beside.unlink(missing_ok=True)


def load(path: str | PathLike[str]) -> RNNParams:
    """Read parameters that `save` wrote. Nothing in the file is run: it holds numbers, and objects are refused.

    Raises
    ------
    ValueError : a file that is damaged, comes from elsewhere, or holds other arrays, shapes or numbers than parameters.
    OSError : a file that is not there or cannot be read.
    """
    source = _checked_path(path)
    with source.open("rb") as file:
        try:
            with np.load(file, allow_pickle=False) as archive:
                arrays = {name: archive[name] for name in archive.files}
        except Exception as error:  # a damaged archive can raise whatever zipfile, zlib and NumPy's reader know
            raise _refusal(source, f"it cannot be read ({error})") from None
    if str(arrays.pop("format", "")) != FORMAT:
        raise _refusal(source, f"it does not say that it is {FORMAT}")
    if set(arrays) != set(RNNParams._fields):
        raise _refusal(source, f"it holds {', '.join(sorted(arrays)) or 'nothing'}")
    try:
        return validate.params(RNNParams(**arrays), RNNParams)
    except (TypeError, ValueError) as error:
        raise _refusal(source, str(error)) from None


def _checked_path(path: str | PathLike[str]) -> Path:
    if Path(path).suffix != ".npz":
        raise ValueError(f"path: expected a name that ends in .npz, got {path}")
    return Path(path)


def _refusal(path: Path, why: str) -> ValueError:
    return ValueError(f"path: expected a file that rnn_helpers.train.save wrote, got {path}: {why}")
