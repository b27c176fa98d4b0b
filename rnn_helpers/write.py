"""Train a network on a text of your own, from a terminal, and let it write.

  python -m rnn_helpers.write my.txt --minutes 10    trains; the network goes to my.npz, beside the text
  python -m rnn_helpers.write my.txt --resume        goes on where that ended, as if it had never stopped
  python -m rnn_helpers.write my.txt --sample 500    writes 500 characters with the network in my.npz

The text is a list of names, one a line, or one long text, in any script; it is told apart by itself.
Ctrl-C ends the training and keeps everything; whatever else ends it costs half a minute at most.
"""

import argparse
import hashlib
import json
import math
import os
import signal
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, NoReturn

import numpy as np
from tqdm import tqdm

from rnn_helpers import IGNORE_INDEX, data, init_params, optim, train
from rnn_helpers.data import END, Batch, Source
from rnn_helpers.train import Saved, Step, sampling
from rnn_helpers.validate import Array

NAME = "rnn_helpers.write"
# What works from 2 kB to 100 MB, for names, prose and source code.
WINDOW, STREAMS = 64, 32
RATE = 0.006  # Adam's, at the first step; see `slower`
HELD_OUT = 60_000  # characters that a check reads at most
PATIENCE = 20  # checks in a row without a new best: more training would only learn the text by heart
PAUSE = 30.0  # seconds from one saved file to the next, and between lines where no terminal shows a bar
SHORTEST = 200  # characters
ENDLESS = 10**6  # passes


class Run:
    """A run, and what was found out on the way: all that its file keeps, so that one which goes on is the same run."""

    def __init__(self, source: Source, to: Path, units: int | None, seed: int, saved: Saved | None = None) -> None:
        self.source, self.to = source, to
        self.batches, self.validation, self.guess = plan(source, seed)
        self.every = min(max(len(self.batches) // ENDLESS, 20), 500)  # steps from check to check: a pass, or a part
        if saved is None:
            n = len(source.alphabet)
            # A large network soon knows a short text by heart, and writes worse than a small one.
            units = units or min(128, max(16, math.isqrt(sum(map(len, source.texts))) // 2))
            self.best = init_params(np.random.default_rng(seed), n, units, n, dtype=np.float32)
            self.step = Step(0, math.nan, math.nan, self.best, None)
            self.notes: dict[str, Any] = {"by": NAME, "text": digest(source), "kind": source.kind, "seed": seed}
            self.notes |= {"checked": 0, "since": 0, "bits": None, "seconds": 0.0}
        else:
            self.step, self.best, self.notes = saved.step, saved.best, json.loads(saved.notes)

    def go_on(self, seconds: float, last: int | None, stop: list[int], tell: Callable[[float, str], None]) -> str:
        """Train for so long, or up to a step, or until there is something in `stop`; return why it ended."""
        clip = partial(optim.clip_by_norm, most=1.0)
        steps = train.steps(self.step.params, self.batches, slower, RATE, clip=clip, after=self.step)
        before, began = self.notes["seconds"], time.monotonic()
        saved = began
        while True:
            if self.step.number % self.every == 0 and self.step.number > self.notes["checked"]:
                self.check()
            now = time.monotonic()
            self.notes["seconds"] = before + now - began
            tell(now - began, self.where())
            if stop:
                return "You stopped it, and everything is kept"
            if now - began >= seconds or self.step.number == last:
                return "The time is over"
            if self.notes["since"] >= PATIENCE:
                return f"It stopped early, as {PATIENCE} checks in a row found nothing better"
            if now - saved >= PAUSE:
                self.save()
                saved = now
            try:
                self.step = next(steps)
            except (FloatingPointError, ValueError) as error:  # exploded, in spite of the clip
                return f"It stopped early ({error})"

    def check(self) -> None:
        """Take the loss on what was kept back; keep the parameters if they are the best so far."""
        bits = train.bits(train.mean_loss(self.step.params, self.validation))
        self.notes |= {"checked": self.step.number, "since": self.notes["since"] + 1}
        if self.notes["bits"] is None or bits < self.notes["bits"]:
            self.best = self.step.params
            self.notes |= {"bits": bits, "since": 0}

    def where(self) -> str:
        """Say how far it has come."""
        now = f", {train.bits(self.step.loss):.2f} bits a character" if self.step.number else ""
        best = f", at best {self.notes['bits']:.2f} on what was kept back" if self.notes["checked"] else ""
        return f"step {self.step.number:,}{now}{best}"

    def save(self) -> None:
        """Write all of it to the file."""
        what = self.step if self.step.number else self.step.params
        train.save(self.to, what, best=self.best, alphabet=self.source.alphabet, notes=json.dumps(self.notes))


def plan(source: Source, seed: int) -> tuple[data.Batches, Sequence[Batch], float]:
    """Return what is read in which order, what is kept back, and bits a character for guessing that by frequency."""
    count = sum(map(len, source.texts))
    if count < SHORTEST:
        raise ValueError(f"expected a text of at least {SHORTEST} characters, got {count}")
    if source.kind == "names":
        rng = np.random.default_rng(seed)
        ids = [data.encode(name, source.alphabet) for name in source.texts]
        learned, kept = ([ids[i] for i in rows] for rows in data.split(source.texts, rng))
        batches = data.passes(learned, STREAMS, rng, ENDLESS)
        validation: Sequence[Batch] = data.batches(kept[: HELD_OUT // 10], STREAMS)
        seen = np.concatenate([np.append(name, END) for name in learned])
    else:
        seen, kept_back = (data.encode(part, source.alphabet) for part in data.split_text(source.texts[0]))
        batches, validation = windows(seen, ENDLESS), list(windows(kept_back[:HELD_OUT], 1))
    chances = np.bincount(seen, minlength=len(source.alphabet)) + 1.0
    chances /= chances.sum()
    targets = np.concatenate([batch.targets[batch.targets != IGNORE_INDEX] for batch in validation])
    return batches, validation, float(-np.log2(chances[targets]).mean())


def windows(ids: Array, passes: int) -> data.Batches:
    """Cut a text into windows, fewer side by side where it is short, so that a pass has some."""
    steps = min(WINDOW, len(ids) - 1)
    return data.windows(ids, steps, min(STREAMS, max(1, len(ids) // (16 * steps))), passes)


def slower(params: Any, grads: Any, state: Any, learning_rate: float) -> tuple[Any, Any]:
    """Take a step of Adam, the smaller the more there were, without having to know when the last one will be."""
    done = 0 if state is None else state.steps
    return optim.adam(params, grads, state, learning_rate / math.sqrt(1 + done / 1000))


def digest(source: Source) -> str:
    """Return what no other text has."""
    return hashlib.sha256("\n".join([source.kind, *source.texts]).encode()).hexdigest()


def begin(args: argparse.Namespace, to: Path) -> Run:
    """Return the run that is asked for, new or going on; raise ValueError or OSError where that cannot be."""
    if not (args.resume or os.path.lexists(to)):
        return Run(data.read(args.text, kind=args.kind), to, args.units, args.seed or 0)
    saved = train.load_run(to)
    if f'"{NAME}"' not in saved.notes:
        raise ValueError(f"expected a file that {NAME} wrote, got another one: {to}")
    if args.anew:
        return Run(data.read(args.text, kind=args.kind), to, args.units, args.seed or 0)
    if not args.resume:
        raise ValueError(f"{to} is there already: --resume goes on with it, --anew begins again, --to writes elsewhere")
    notes = json.loads(saved.notes)
    has = {"units": len(saved.best.W_hh), "seed": notes["seed"], "kind": notes["kind"]}
    for name, value in has.items():
        if getattr(args, name) not in (None, value):
            raise ValueError(f"argument --{name}: expected {value}, as in {to}, got {getattr(args, name)}")
    source = data.read(args.text, kind=has["kind"])
    if digest(source) != notes["text"]:
        raise ValueError(f"expected the text that {to} was trained on, got another one: {args.text}")
    return Run(source, to, has["units"], has["seed"], saved)


def watch(run: Run, seconds: float, last: int | None) -> str:
    """Let it go on under a line that shows how far it is; return why it ended."""
    stop: list[int] = []
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

    def heard(number: int, _: object) -> None:
        stop.append(number)
        signal.signal(number, before[signal.Signals(number)])  # for someone who cannot wait for the end of a step

    form = "{percentage:3.0f}%|{bar}| {elapsed}<{remaining}, {desc}"
    with tqdm(total=seconds, bar_format=form, disable=None, dynamic_ncols=True) as bar:
        said = [0.0]

        def tell(now: float, text: str) -> None:
            if not bar.disable:
                bar.set_description_str(text, refresh=False)
                bar.update(min(now, seconds) - bar.n)
            elif now - said[0] >= PAUSE:
                print(f"{clock(now)} of {clock(seconds)}: {text}", file=sys.stderr, flush=True)
                said[0] = now

        for number in before:
            signal.signal(number, heard)
        try:
            return run.go_on(seconds, last, stop, tell)
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


def clock(seconds: float) -> str:
    """Return minutes and seconds."""
    return f"{int(seconds) // 60}:{int(seconds) % 60:02}"


def sample(saved: Saved, kind: str, characters: int, args: argparse.Namespace) -> str:
    """Let the network write: one long text, or names until there are so many characters."""
    words = {"beginning": data.normalised(args.beginning), "temperature": args.temperature}
    write = partial(sampling.text, saved.best, saved.alphabet, np.random.default_rng(args.seed or 0), **words)
    if kind == "text":
        return write(longest=characters, lines=None)
    names: list[str] = []
    while sum(map(len, names)) + len(names) < characters:
        names.append(write(longest=200))
    return "\n".join(names)


class Parser(argparse.ArgumentParser):
    """One that says what is wrong in one sentence, without the usage around it."""

    def error(self, message: str) -> NoReturn:
        """End with code 2."""
        self.exit(2, f"{self.prog}: {message}\n")


def number(kind: type[int] | type[float], least: float, most: float = math.inf) -> Callable[[str], float]:
    """Return what reads a word as a number."""

    def read(text: str) -> float:
        try:
            value = kind(text)
        except ValueError:
            value = math.nan
        if not (least <= value <= most and value < math.inf):
            what = f"a {'whole ' * (kind is int)}number of at least {least}{f' and at most {most}' * (most < math.inf)}"
            raise argparse.ArgumentTypeError(f"expected {what}, got {data.cut(text)!r}")
        return value

    return read


def parser() -> Parser:
    """Return what reads the command's words."""
    head, _, more = (__doc__ or "").partition("\n\n")
    form = argparse.RawDescriptionHelpFormatter
    found = Parser(f"python -m {NAME}", description=head, epilog=more, formatter_class=form)
    add = found.add_argument
    add("text", type=Path, metavar="TEXT", help="your file: a list of names, or one long text")
    add("--minutes", type=number(float, 0.001), default=10.0, metavar="M", help="how long it trains (10)")
    add(
        "--units",
        type=number(int, 1, 4096),
        metavar="N",
        help="size of the state (128): a larger one learns more, slower",
    )
    add("--kind", choices=["names", "text"], help="what the file holds, if it was told apart wrongly")
    add("--to", type=Path, metavar="FILE", help="the network's file, which ends in .npz")
    add("--resume", action="store_true", help="go on with the network's file, for so many minutes more")
    add("--anew", action="store_true", help="begin again, in place of a network's file that is there")
    add("--sample", type=number(int, 1), metavar="N", help="do not train: write about so many characters")
    add("--temperature", type=number(float, 0), default=1.0, metavar="T", help="below 1 it writes what is likelier (1)")
    add("--beginning", default="", metavar="WORDS", help="how what it writes begins")
    add("--seed", type=number(int, 0), metavar="N", help="draws start, order and samples (0)")
    add("--steps", type=number(int, 1), help=argparse.SUPPRESS)  # the last step's number, for tests
    return found


def main(words: Sequence[str] | None = None) -> None:
    """Read the command's words and do what they ask for."""
    command = parser()
    args = command.parse_args(words)
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]  # what a terminal cannot show becomes "?"
    try:
        to = args.to or args.text.with_suffix(".npz")
        if args.sample:
            saved = train.load_run(to)
            kind = json.loads(saved.notes)["kind"] if f'"{NAME}"' in saved.notes else "text"
            print(sample(saved, kind, args.sample, args))
            return
        run = begin(args, to)
        run.save()  # what hinders that had better be known now
        print(run.source.summary, flush=True)
        why = watch(run, 60 * args.minutes, args.steps)
        if run.notes["bits"] is None:
            run.check()
        run.save()
        print(f"{why}: {run.step.number:,} steps in {clock(run.notes['seconds'])}.")
        bits = f"{run.notes['bits']:.2f} bits a character on what was kept back"
        print(f"{bits}, where guessing by frequency costs {run.guess:.2f}. It writes:\n")
        print(sample(train.load_run(to), run.source.kind, 300, args))
        print(f"\nThe network is in {to}: --resume goes on with it, --sample 500 writes more.")
    except (OSError, ValueError, MemoryError) as error:
        command.error(str(error) or "not enough memory")
    except KeyboardInterrupt:
        command.exit(130, "\nYou ended it at once; what was saved before is kept.\n")


def on_one_thread() -> None:
    """Begin the program again on one thread of NumPy's, as `course.py` does, unless someone has decided on a number.

    Products as small as these gain little from two, and on a busy machine two wait for each other: a step was seen to
    take a hundred times as long. NumPy reads the number when it is loaded, and by now it is.
    """
    if "OPENBLAS_NUM_THREADS" not in os.environ and os.name == "posix":  # Windows would leave the terminal to others
        os.environ["OPENBLAS_NUM_THREADS"] = "1"
        os.execv(sys.executable, sys.orig_argv)


if __name__ == "__main__":
    on_one_thread()
    main()
