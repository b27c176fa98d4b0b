"""The numbers of one step on their way through the cell, and of its gradients on their way back.

Each `update_...` fills the cells of a drawing that its namesake made, and returns it with the new sentence.
"""

from typing import Any, NamedTuple, TypeVar

import numpy as np
from matplotlib.axes import Axes

from rnn_helpers.plots import door
from rnn_helpers.plots.blocks import Block, blocks, fill, row
from rnn_helpers.plots.drawing import FAINT, FORWARD, GRADIENT, GRADIENT_TEXT, INK, Drawing, arrow, canvas, drawing_of
from rnn_helpers.validate import Array

PARAMETERS = {"W_xh", "W_hh", "b_h", "W_hy", "b_y"}  # they stay while inputs move


class StepNumbers(NamedTuple):
    """The arrays of one step for a batch of one. Bias and scores included, what is a row has the shape (1, n)."""

    x_t: Array
    W_xh: Array
    from_x: Array  # x_t @ W_xh
    h_prev: Array
    W_hh: Array
    from_h: Array  # h_prev @ W_hh
    b_h: Array
    z_t: Array
    h_t: Array
    W_hy: Array
    b_y: Array
    scores: Array
    y_t: Array


class StepBackNumbers(NamedTuple):
    """The arrays of one step forward and back for a batch of one; biases have the shape (1, n_h)."""

    x_t: Array
    dx_t: Array
    W_xh: Array
    dW_xh: Array
    h_prev: Array
    dh_prev: Array
    W_hh: Array
    dW_hh: Array
    b_h: Array
    db_h: Array
    z_t: Array
    dz_t: Array
    h_t: Array
    dh_total: Array
    slopes: Array  # 1 - h_t**2


Step = TypeVar("Step", StepNumbers, StepBackNumbers)

# Of each array: its name, its left edge, its middle, and on which side the name stands.
STEP_PLACES = {
    "x_t": ("$x_t$", 0.2, 7.0, "above"),
    "W_xh": ("$W_{xh}$", 4.6, 7.0, "above"),
    "from_x": ("$x_t W_{xh}$", 8.2, 7.0, "above"),
    "h_prev": ("$h_{t-1}$", 1.2, 13.0, "above"),
    "W_hh": ("$W_{hh}$", 4.6, 13.0, "above"),
    "from_h": ("$h_{t-1} W_{hh}$", 8.2, 13.0, "above"),
    "b_h": ("$b_h$", 8.2, 10.0, "above"),
    "z_t": ("$z_t$", 12.2, 10.0, "above"),
    "h_t": ("$h_t$", 16.3, 10.0, "above"),
    "W_hy": ("$\\cdot\\, W_{hy}$", 15.3, 6.9, "left"),
    "b_y": ("$+\\, b_y$", 15.3, 5.0, "left"),
    "scores": ("= scores", 15.3, 3.6, "left"),
    "y_t": ("$y_t$", 15.3, 0.6, "left"),
}
STEP_BACK_PLACES = {
    "x_t": ("$x_t$", 0.9, 5.7, "above"),
    "dx_t": ("$dx_t$", 0.9, 4.5, "below"),
    "W_xh": ("$W_{xh}$", 6.4, 5.7, "beside the first row"),
    "dW_xh": ("$dW_{xh}$", 6.4, 2.2, "left"),
    "h_prev": ("$h_{t-1}$", 1.9, 15.1, "above"),
    "dh_prev": ("dh_prev", 1.9, 13.9, "below"),
    "W_hh": ("$W_{hh}$", 6.4, 14.6, "above"),
    "dW_hh": ("$dW_{hh}$", 6.4, 12.3, "left"),
    "b_h": ("$b_h$", 6.4, 9.8, "left"),
    "db_h": ("$db_h$", 6.4, 8.6, "left"),
    "z_t": ("$z_t$", 11.0, 9.8, "above"),
    "dz_t": ("$dz_t$", 11.0, 8.6, "below"),
    "h_t": ("$h_t$", 17.9, 9.8, "above"),
    "dh_total": ("dh_total", 17.9, 8.6, "below"),
    "slopes": ("slopes $1 - h_t^2$", 14.4, 8.6, "below"),
}
N_X, N_H, N_Y = 3, 2, 4
SHAPES = {  # rows and columns, of the gradients too
    **{"x_t": (1, N_X), "W_xh": (N_X, N_H), "W_hh": (N_H, N_H), "W_hy": (N_H, N_Y)},
    **dict.fromkeys(("from_x", "h_prev", "from_h", "b_h", "z_t", "h_t", "h_total", "slopes"), (1, N_H)),
    **dict.fromkeys(("b_y", "scores", "y_t"), (1, N_Y)),
}
STEP_EQUATIONS = (
    r"$z_t = x_t W_{xh} + h_{t-1} W_{hh} + b_h$",
    r"$h_t = \tanh z_t$",
    r"$y_t = \mathrm{softmax}(h_t W_{hy} + b_y)$",
)
STEP_BACK_EQUATIONS = (
    r"$dz_t = $dh_total$\, \odot\, (1 - h_t^2)$",
    r"$dW_{xh} = x_t^T dz_t$,  $dx_t = dz_t W_{xh}^T$",
    r"$dW_{hh} = h_{t-1}^T dz_t$,  dh_prev$ = dz_t W_{hh}^T$",
)


def cell_numbers(step: StepNumbers) -> Drawing:
    """Draw the numbers of one step on their way from x_t and h_prev to h_t and y_t; n_x = 3, n_h = 2, n_y = 4."""
    step = _checked(step, StepNumbers)
    ax = canvas(None, height=3.3, width=20, top=15.3, bottom=-0.3)
    _, x, y, _ = STEP_PLACES["y_t"]
    probabilities = blocks(ax, [Block(x, y, step.y_t.shape)], probabilities=True)
    moving = (*probabilities, *_lay_out(ax, STEP_PLACES, step))
    for y in (7.0, 13.0):
        arrow(ax, (10.4, y), (12.0, 10.0 + 0.05 * (y - 10)), FORWARD)
    for left, right in ((10.4, 12.0), (14.4, 16.1), (18.5, 19.9)):
        arrow(ax, (left, 10.0), (right, 10.0), FORWARD)
    for top, bottom in ((9.3, 8.1), (2.9, 1.3)):
        arrow(ax, (17.3, top), (17.3, bottom), FORWARD)
    words = (
        *((x, y, sign) for y in (7.0, 13.0) for x, sign in ((3.9, "·"), (7.4, "="))),
        *((10.9, 10.6, "+"), (15.2, 10.6, "tanh"), (19.2, 10.6, "to $t + 1$")),
        (18.4, 2.1, "softmax"),
    )
    for x, y, word in words:
        ax.text(x, y, word, ha="center", va="center", color=INK, fontsize=13 if len(word) == 1 else 10)
    for line, equation in enumerate(STEP_EQUATIONS):
        ax.text(0.2, 3.4 - 1.3 * line, equation, va="center", color=INK, fontsize=11)
    return update_cell_numbers(drawing_of(ax, moving=moving, by=("cell_numbers",)), step)


def update_cell_numbers(drawing: Drawing, step: StepNumbers) -> Drawing:
    """Show the numbers of another step of the same network in a drawing of `cell_numbers`."""
    step = _checked(step, StepNumbers)
    door.drawing(drawing, "cell_numbers")
    fill(drawing.moving[: 1 + N_Y], [step.y_t])
    fill(drawing.moving[1 + N_Y :], _moving(step).values())
    likeliest = int(np.argmax(step.y_t))
    return drawing._replace(
        sentence=f"The input brings {row(step.from_x)}, the old state {row(step.from_h)}, the bias {row(step.b_h)}: "
        f"z_t = {row(step.z_t)}. Tanh makes h_t = {row(step.h_t)}, and class {likeliest + 1} is the likeliest, "
        f"with {step.y_t.max():.3f}."
    )


def cell_numbers_back(step: StepBackNumbers, *, transposed: bool = True) -> Drawing:
    """Draw the numbers of one step, and under each array its gradient; n_x = 3, n_h = 2.

    `transposed` says whether dh_prev was made with the transpose of W_hh, as is right.
    """
    step = _checked(step, StepBackNumbers)
    door.flag("transposed", transposed)
    ax = canvas(None, height=3.3, width=20.4, top=16.8, bottom=0.5)
    cells = _lay_out(ax, STEP_BACK_PLACES, step)
    forward, back = 9.8, 8.6  # the heights of z_t and of its gradient
    for y, middle in ((5.7, 5.7), (15.1, 14.6)):
        arrow(ax, (4.1, y), (6.2, y), FORWARD)
        arrow(ax, (6.2, y - 1.2), (4.1, y - 1.2), GRADIENT)
        arrow(ax, (8.6, middle), (10.8, forward + 0.05 * (y - forward)), FORWARD)
    for end in (12.3, back, 2.2):
        arrow(ax, (10.8, back), (8.6, end), GRADIENT)
    for left, right in ((8.6, 10.8), (13.2, 17.7)):
        arrow(ax, (left, forward), (right, forward), FORWARD)
    for right, left in ((17.7, 16.6), (14.2, 13.2)):
        arrow(ax, (right, back), (left, back), GRADIENT)
    ax.text(15.4, forward + 0.3, "tanh", ha="center", va="bottom", color=INK)
    equations = [
        ax.text(20.2, 5.0 - 1.6 * line, equation, ha="right", va="center", color=GRADIENT_TEXT, fontsize=11)
        for line, equation in enumerate(STEP_BACK_EQUATIONS)
    ]
    mark = ax.text(2.9, 11.9, "wrong: $W_{hh}$\nis not transposed", ha="center", va="top", color=INK, weight="bold")
    empty = drawing_of(ax, moving=(mark, equations[-1], *cells), by=("cell_numbers_back",))
    return update_cell_numbers_back(empty, step, transposed=transposed)


def update_cell_numbers_back(drawing: Drawing, step: StepBackNumbers, *, transposed: bool = True) -> Drawing:
    """Show the numbers of another step of the same network in a drawing of `cell_numbers_back`."""
    step = _checked(step, StepBackNumbers)
    door.flag("transposed", transposed)
    door.drawing(drawing, "cell_numbers_back")
    mark, equation, *cells = drawing.moving
    mark.set_visible(not transposed)
    equation.set_text(STEP_BACK_EQUATIONS[-1] if transposed else STEP_BACK_EQUATIONS[-1].replace("W_{hh}^T", "W_{hh}"))
    fill(cells, _moving(step).values())
    if transposed:
        sentence = (
            f"What reaches h_t, dh_total = {row(step.dh_total)}, times the slopes {row(step.slopes)} makes dz_t = "
            f"{row(step.dz_t)}. From it come dx_t = {row(step.dx_t)}, dh_prev = {row(step.dh_prev)} and the weights' "
            "gradients."
        )
    else:
        sentence = (
            f"Without the transpose, dh_prev = dz_t W_hh = {row(step.dh_prev)}; it should be "
            f"{row(step.dz_t @ step.W_hh.T)}. No shape gives it away, because W_hh is square. For dx_t, Python would "
            f"complain: {step.dz_t.shape} and {step.W_xh.shape} don't fit."
        )
    return drawing._replace(sentence=sentence)


def _checked(step: Step, wanted: type[Step]) -> Step:
    """Return the numbers of a step whose arrays have the shapes that the picture has room for."""
    door.tuple_of("step", step, wanted)
    return wanted._make(
        door.numbers(f"step.{name}", array, dict(zip(("rows", "columns"), SHAPES[name.removeprefix("d")], strict=True)))
        for name, array in step._asdict().items()
    )


def _moving(step: StepNumbers | StepBackNumbers) -> dict[str, Array]:
    """Return the arrays that change with the inputs, without the probabilities, which have a scale of their own."""
    return {name: array for name, array in step._asdict().items() if name not in {*PARAMETERS, "y_t"}}


def _lay_out(
    ax: Axes, places: dict[str, tuple[str, float, float, str]], step: StepNumbers | StepBackNumbers
) -> tuple[Any, ...]:
    """Draw a block with its name for each array, and fill those of the parameters; return the others' artists."""
    cells: dict[str, Block] = {}
    for name, array in step._asdict().items():
        label, x, y, side = places[name]
        rows, columns = array.shape
        back = label.startswith(("$d", "d"))
        cells[name] = Block(x, y, array.shape, GRADIENT if back else FAINT)
        color = GRADIENT_TEXT if back else INK
        if side in {"left", "beside the first row"}:
            ax.text(x - 0.25, y if side == "left" else y + 1, label, ha="right", va="center", color=color)
        elif side == "above":
            ax.text(x + columns / 2, y + rows / 2 + 0.2, label, ha="center", va="bottom", color=color)
        else:
            ax.text(x + columns / 2, y - rows / 2 - 0.2, label, ha="center", va="top", color=color)
    parameters = [name for name in cells if name in PARAMETERS]
    fill(blocks(ax, [cells[name] for name in parameters]), [getattr(step, name) for name in parameters])
    return (*blocks(ax, [cells[name] for name in _moving(step)]),)
