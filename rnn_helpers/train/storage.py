"""Parameters, or a whole run to go on with, in a file: written whole or not at all, and read with suspicion."""

import hashlib
import io
import math
import os
import stat
import zipfile
from collections.abc import Mapping
from contextlib import suppress
from os import PathLike
from pathlib import Path
from typing import IO, Any, NamedTuple

import numpy as np

from rnn_helpers import optim, validate
from rnn_helpers.data import cut
from rnn_helpers.gates import LSTMParams, LSTMState, networks
from rnn_helpers.gates.networks import Params, State
from rnn_helpers.optim import AdamState, MomentumState
from rnn_helpers.params import RNNParams
from rnn_helpers.train.curves import Record
from rnn_helpers.train.loop import Step
from rnn_helpers.validate import Array

try:
    import fcntl
    from fcntl import flock
except ImportError:  # Windows, where a file that someone has open cannot be removed anyway; in a browser nobody else is
    fcntl = None  # type: ignore[assignment]

# What a file says that it is: whose parameters it holds, and in which form.
FORMATS: dict[str, type[Params]] = {f"rnn_helpers.{kind.__name__}.2": kind for kind in networks.KINDS}
FORMATS["rnn_helpers.RNNParams.1"] = RNNParams  # the five arrays alone, as files of before hold them
STATES = {"momentum": MomentumState, "adam": AdamState}


class Saved(NamedTuple):
    """What `save` wrote.

    Attributes
    ----------
    alphabet : the characters of the ids, "" if none was given.
    step : to go on after: `train.steps(step.params, batches, optimiser, rate, after=step)`. Of a file that holds
        parameters alone, its number is 0, its state and h are None, its loss and gradient_norm NaN.
    best : the parameters that `load` returns: a Record's best, else the step's.
    notes : the text that was kept beside.
    """

    alphabet: str
    step: Step[Any]
    best: Any
    notes: str


def save(
    path: str | PathLike[str],
    what: Params | Step[Any] | Record[Any],
    *,
    best: Params | None = None,
    alphabet: str = "",
    notes: str = "",
) -> None:
    """Write to an .npz file. A crash on the way leaves the old file, if there was one, as it was.

    Parameters
    ----------
    path : ends in .npz. A link is followed, and a file that is there keeps its permissions.
    what : RNNParams, or those of a network with gates; or a Step, with the optimiser's state, the number of steps and
        h, so that a run which goes on `after` it is the same run to the last bit; or a Record, for its last step and
        its best parameters. Other arrays that have the shapes of RNNParams, such as a regression head's, will do.
    best : what `load` is to return instead of the step's parameters; of a Record, its own.
    alphabet : the characters of the ids; one for each output, if there are any.
    notes : a text to keep beside, such as the settings of the run.

    Raises
    ------
    TypeError, ValueError : something else to save, the state of another optimiser than those of `optim`, an alphabet
        of another size than the network's, or a path that does not end in .npz.
    OSError : a folder that does not exist or cannot be written to.
    """
    target = _checked_path(path)
    if isinstance(what, Record):
        best = what.best if best is None else best
    what = what.last if isinstance(what, Record) else what
    arrays = _arrays_of(what)
    kind = networks.kind_of(what.params if isinstance(what, Step) else what)
    if best is not None:
        if networks.kind_of(best) is not kind:
            raise TypeError(f"best: expected {kind.__name__}, as in what is saved, got {type(best).__name__}")
        arrays |= {f"best.{name}": array for name, array in networks.checked(best)._asdict().items()}
    for name, text in (("alphabet", alphabet), ("notes", notes)):
        if not isinstance(text, str):
            raise TypeError(f"{name}: expected a string, got {type(text).__name__}")
        if text:
            arrays[name] = np.array([ord(character) for character in text], np.uint32)
    _saved(kind, dict(arrays))  # what cannot be read is not written
    try:
        # A link stays one: the file that it leads to is written, beside which alone the move can be in one go.
        _write(Path(os.path.realpath(target)), {"format": np.array(f"rnn_helpers.{kind.__name__}.2"), **arrays})
    except OSError as error:
        raise OSError(error.errno, error.strerror or str(error), str(target)) from error


def load(path: str | PathLike[str]) -> Any:
    """Read parameters that `save` wrote, a Record's best. Nothing in the file is run: it holds numbers alone.

    Raises
    ------
    ValueError : a file that is damaged, comes from elsewhere, or holds other arrays, shapes or numbers than parameters.
    OSError : a file that is not there or cannot be read.
    """
    return load_run(path).best


def load_run(path: str | PathLike[str]) -> Saved:
    """Read all that `save` wrote, to go on with the run.

    Raises
    ------
    ValueError, OSError : as in `load`.
    """
    source = _checked_path(path)
    if source.exists() and not source.is_file():
        raise _refusal(source, "it is no ordinary file")
    with source.open("rb") as file:
        try:
            return _saved(*_read(file))
        except Exception as error:  # a damaged archive can raise whatever zipfile and zlib know
            raise _refusal(source, str(error) or type(error).__name__) from None


# From what is saved to named arrays, and back


def _arrays_of(what: Params | Step[Any]) -> dict[str, Array]:
    if not isinstance(what, Step):
        return dict(networks.checked(what)._asdict())
    arrays = dict(networks.checked(what.params)._asdict())
    arrays |= {name: validate.as_array(name, getattr(what, name)) for name in ("number", "loss", "gradient_norm")}
    if what.h is not None:
        state = what.h._asdict() if isinstance(what.h, LSTMState) else {"h": what.h}
        arrays |= {name: validate.as_array(name, array) for name, array in state.items()}
    if what.state is None:
        return arrays
    kinds = [name for name, kind in STATES.items() if isinstance(what.state, kind)]
    if not kinds:
        raise TypeError(
            f"state: expected None, a MomentumState or an AdamState, got {type(what.state).__name__}; save the"
            " parameters alone, step.params"
        )
    for name, value in what.state._asdict().items():
        if name == "steps":
            arrays[f"{kinds[0]}.steps"] = validate.as_array("state.steps", value)
        else:
            alike = optim._like(f"state.{name}", value, what.params)
            arrays |= {f"{kinds[0]}.{name}.{field}": array for field, array in alike._asdict().items()}
    return arrays


def _saved(kind: type[Params], arrays: dict[str, Array]) -> Saved:
    """Return what the arrays of a file mean; each that was understood is taken out, and none may be left."""
    params = _params(kind, arrays)
    best = _params(kind, arrays, "best.") if "best.b_h" in arrays else params
    alphabet, notes = _text(arrays, "alphabet"), _text(arrays, "notes")
    _check_alphabet(alphabet, params.b_y)
    step = Step(0, math.nan, math.nan, params, None)
    if "number" in arrays:
        number, loss, norm = (_number(arrays, name) for name in ("number", "loss", "gradient_norm"))
        h = _network_state(params, arrays) if "h" in arrays else None
        step = Step(validate.size("number", number), float(loss), float(norm), params, _state(kind, arrays), h)
    if arrays:
        raise ValueError(f"it holds {', '.join(sorted(arrays))}, too")
    return Saved(alphabet, step, best, notes)


def _taken(arrays: dict[str, Array], *names: str) -> list[Array]:
    missing = [name for name in names if name not in arrays]
    if missing:
        raise ValueError(f"it does not hold {', '.join(missing)}")
    return [arrays.pop(name) for name in names]


def _params(kind: type[Params], arrays: dict[str, Array], prefix: str = "") -> Any:
    return networks.checked(kind(*_taken(arrays, *(prefix + name for name in kind._fields))))


def _network_state(params: Params, arrays: dict[str, Array]) -> State:
    """Return what the network goes on from."""
    h = validate.floats("h", arrays.pop("h"), {"batch": None, "n_h": len(params.W_hh)})
    if not isinstance(params, LSTMParams):
        return h
    (c,) = _taken(arrays, "c")
    return LSTMState(h, validate.floats("c", c, {"batch": len(h), "n_h": len(params.W_hh)}))


def _number(arrays: dict[str, Array], name: str) -> Any:
    (array,) = _taken(arrays, name)
    if array.ndim or array.dtype.kind not in "fiu":
        raise TypeError(f"{name}: expected a number, got {array.dtype} of shape {array.shape}")
    return array.item()


def _text(arrays: dict[str, Array], name: str) -> str:
    codes = arrays.pop(name, np.zeros(0, np.uint32))
    if codes.dtype.kind != "u":
        raise ValueError(f"{name}: expected a text as numbers, got {codes.dtype}")
    return "".join(map(chr, codes.tolist()))


def _state(kind: type[Params], arrays: dict[str, Array]) -> Any:
    """Return the optimiser's state."""
    if "momentum.velocity.b_h" in arrays:
        return MomentumState(_params(kind, arrays, "momentum.velocity."))
    if "adam.steps" in arrays:
        steps = validate.size("adam.steps", _number(arrays, "adam.steps"))
        return AdamState(steps, _params(kind, arrays, "adam.mean."), _params(kind, arrays, "adam.square."))
    return None


def _check_alphabet(alphabet: str, b_y: Array) -> None:
    if alphabet and len(alphabet) != len(b_y):
        raise ValueError(
            f"alphabet: expected {len(b_y)} characters, one for each output of params, got {len(alphabet)}"
        )


# Bytes


def _write(target: Path, arrays: Mapping[str, Array]) -> None:
    """Write beside the target, on the same disk: only from there can a file take the old one's place in one move."""
    mode = stat.S_IMODE(target.stat().st_mode) if target.exists() else None
    stem = f".save-{hashlib.sha256(os.fsencode(target.name)).hexdigest()[:12]}-"  # any name is short enough so
    for left_over in target.parent.glob(f"{stem}*.tmp"):
        _remove_unless_locked(left_over)
    file, beside = _new_locked(target.with_name(stem), 0o666 if mode is None else mode)
    try:
        with file:
            if mode is not None:
                with suppress(OSError):  # a disk that keeps no permissions
                    beside.chmod(mode)
            np.savez(file, **arrays)  # type: ignore[arg-type]  # none of the names is that of another argument
            file.flush()
            os.fsync(file.fileno())
            if fcntl is None:
                file.close()  # Windows moves no file that is open
            beside.replace(target)
    finally:
        beside.unlink(missing_ok=True)


def _new_locked(stem: Path, mode: int) -> tuple[IO[bytes], Path]:
    """Create a file of a new name and lock it, which says that its writer lives, to other processes and threads."""
    while True:
        path = stem.with_name(f"{stem.name}{os.urandom(4).hex()}.tmp")
        file = open(path, "xb", opener=lambda name, flags: os.open(name, flags, mode))  # noqa: SIM115  # handed on
        if fcntl is not None:
            with suppress(OSError):  # a disk without locks
                flock(file, fcntl.LOCK_EX)
        if path.exists():  # else someone took it for a file left over, in the moment before it was locked
            return file, path
        file.close()


def _remove_unless_locked(path: Path) -> None:
    """Remove what a process left that was killed while it wrote."""
    with suppress(OSError):
        if fcntl is None:
            path.unlink()  # Windows removes no file that is open
            return
        with path.open("r+b") as file:
            flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            path.unlink()


def _read(file: IO[bytes]) -> tuple[type[Params], dict[str, Array]]:
    """Return whose parameters an archive that `save` wrote holds, and its arrays.

    What a file of a few MB can hold is bounded by its size, since `save` compresses nothing: that is looked at before
    anything is read. `np.load` would read each entry whole, whatever its size, and would then speak of pickles.
    """
    try:
        archive = zipfile.ZipFile(file)
    except Exception as error:
        raise ValueError(f"it cannot be read ({error})") from None
    with archive:
        entries = {entry.filename.removesuffix(".npy"): entry for entry in archive.infolist()}
        if len(entries) < len(archive.infolist()):
            raise ValueError("it holds two entries of one name")
        if any(entry.compress_type != zipfile.ZIP_STORED for entry in entries.values()):
            raise ValueError("it is compressed, which save does not do")
        if sum(entry.file_size for entry in entries.values()) > file.seek(0, os.SEEK_END):
            raise ValueError("its entries are larger than the file")
        found = str(_array(archive, entries.pop("format"))) if "format" in entries else None
        if found not in FORMATS:
            raise ValueError(f"it does not say that it is {', '.join(list(FORMATS)[:-1])}")
        return FORMATS[found], {name: _array(archive, entry) for name, entry in entries.items()}


def _array(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Array:
    """Return the array of an entry, in its .npy format: plain numbers or text, no objects."""
    try:
        file = io.BytesIO(archive.read(entry))
        if np.lib.format.read_magic(file) != (1, 0):
            raise ValueError("another version of .npy")
        shape, by_columns, dtype = np.lib.format.read_array_header_1_0(file)
        if dtype.hasobject:
            raise ValueError("objects")
        array: Array = np.frombuffer(file.read(), dtype).reshape(shape, order="F" if by_columns else "C")
        return array.copy()  # one that can be written to
    except Exception as error:
        raise ValueError(f"{entry.filename} cannot be read as numbers ({error})") from None


def _checked_path(path: str | PathLike[str]) -> Path:
    if not isinstance(path, str | PathLike):
        raise TypeError(f"path: expected the path of a file, got {type(path).__name__}")
    if Path(path).suffix != ".npz" or "\0" in str(path):
        raise ValueError(f"path: expected a name that ends in .npz, got {cut(str(path))}")
    return Path(path)


def _refusal(path: Path, why: str) -> ValueError:
    return ValueError(f"path: expected a file that rnn_helpers.train.save wrote, got {cut(str(path))}: {why}")
