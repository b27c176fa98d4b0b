"""The exercises of notebook 14: one step's Jacobian, growth over many, eigenvalues, an orthogonal start."""

import numpy as np

from rnn_helpers import dynamics, params, plain_memory
from rnn_helpers.check.draws import draws
from rnn_helpers.check.engine.exercise import Cases, Exercise, Output, Package, named, within, wrong

# A mistake in two lines, not in six: so an exercise can be seen at once.
# fmt: off

def _matrix_and_state() -> Cases:
    """(W_hh, h_t) of four sizes."""
    return tuple((d.floats("n_h", "n_h"), np.tanh(d.floats("n_h"))) for d in draws(141))

_SLOPED = "W_hh * (1 - h_t**2)"

STEP_JACOBIAN = Exercise(
    plain_memory.step_jacobian, task="say how much each new state moves when each old one does: one step's Jacobian.",
    arguments="W_hh : (n_h, n_h), h_t : (n_h,) the state after the step.",
    result="J : (n_h, n_h), J[i, j] = dh_t[j] / dh_prev[i].", cases=_matrix_and_state,
    returns=(Output("J", ("n_h", "n_h")),), notebook="14", section="The Jacobian of one step",
    package=Package((dynamics.step_jacobian,), "The package looks at its arguments first.", keeps_float32=True),
    mistakes=(
        wrong("slopes_on_rows",
              "puts the slopes on the rows: column j leads to unit j, whose tanh has the slope 1 - h_t[j]**2",
              ("(1 - h_t**2)", "(1 - h_t**2)[:, None]")),
        wrong("to_from", "is transposed: rows are the old units and columns the new ones, as in W_hh",
              (_SLOPED, f"({_SLOPED}).T")),
        wrong("W_hh_transposed", "transposes W_hh: forward, h_prev is multiplied by W_hh as it stands",
              ("W_hh * (", "W_hh.T * (")),
        wrong("no_slope", "leaves the slope of tanh out", ("(1 - h_t**2)", "np.ones_like(h_t)")),
        wrong("squashed_again", "takes tanh of h_t once more: h_t has been through it",
              ("h_t**2", "np.tanh(h_t) ** 2")),
        wrong("no_square", "does not square the state in the slope", ("h_t**2", "h_t")),
        wrong("turned_sign", "has the slope's sign turned round", ("1 - h_t**2", "h_t**2 - 1")),
        wrong("inverted", "divides by the slope", ("W_hh * (", "W_hh / (")),
        wrong("diagonal_only", "keeps the diagonal alone: every old unit moves every new one",
              ("W_hh * (", "np.diag(np.diag(W_hh)) * (")),
        wrong("plus_identity", "adds the identity: this step adds nothing to the old state, it makes a new one",
              (_SLOPED, f"np.eye(len(h_t)) + {_SLOPED}")),
        wrong("summed", "multiplies as matrices, which sums over the new units: each column has its own slope",
              ("W_hh * (", "W_hh @ (")),
    ),
)

def _changes_on_their_way() -> Cases:
    """(W_hh, h, change): a few steps, and two thousand, in which a change that is not kept 1 long leaves all floats."""
    cases = [
        (d.floats("n_h", "n_h", scale=0.8), np.tanh(d.floats("time", "n_h")), 3 * d.floats("n_h")) for d in draws(142)
    ]
    W_hh, h, change = cases[-1]
    # This change is 1 long from the first: it leaves all floats at the same step, whether one makes it so or not.
    return (*cases[:-1], (8 * W_hh, np.resize(h, (2000, h.shape[1])), change / np.linalg.norm(change)))

_WALK, _LOG = "change @ step_jacobian(W_hh, h_t)", "np.log(length)"
_FIRST, _AGAIN = "    change = change / np.linalg.norm(change)\n", "        change = change / length\n"
_LENGTH = "length = np.linalg.norm(change)"

GROWTH = Exercise(
    plain_memory.growth, task="measure by how much each step stretches a small change on its way forward.",
    arguments="W_hh : (n_h, n_h), h : (time, n_h) the states after the steps, change : (n_h,) before them.",
    result="logs : (time,) natural logarithms of each step's stretch.", cases=_changes_on_their_way,
    returns=(Output("logs", ("time",), "list"),), notebook="14", section="The butterfly and the gradient", extreme=1,
    package=Package((dynamics.growth,), "The package also says what happens where nothing is left of a change.",
                    keeps_float32=True),
    mistakes=(
        wrong("not_renormalised", "lets the change grow or shrink on: after many steps it is inf, or 0",
              (_AGAIN, ""), (_LOG, "np.log(length / before)"),
              ("        change = change @", "        before = np.linalg.norm(change)\n        change = change @")),
        wrong("cumulative", "measures against the first length: each step's stretch is against the one before",
              (_AGAIN, "")),
        wrong("started_long", "takes the change as long as it came: before the first step, too, it is to be 1 long",
              (_FIRST, "")),
        wrong("always_one", "makes the change 1 long and then measures it: its length before that is the stretch",
              (_LENGTH, f"change = change / np.linalg.norm(change)\n        {_LENGTH}")),
        wrong("gradient_back", "walks a gradient back from the end: a change walks forward, from the first step on",
              (_WALK, f"{_WALK}.T"), ("for h_t in h:", "for h_t in h[::-1]:")),
        wrong("walks_back", "walks back: forward, a row of changes is multiplied by J itself",
              (_WALK, f"{_WALK}.T")),
        wrong("reversed_time", "begins at the end: a change comes to the first step first",
              ("for h_t in h:", "for h_t in h[::-1]:")),
        wrong("one_step_early", "uses the slope of the state before the step: tanh is taken of the one after it",
              ("for h_t in h:", "for h_t in np.concatenate([np.zeros((1, h.shape[1])), h[:-1]]):")),
        wrong("first_step_missed", "leaves the first step out", ("for h_t in h:", "for h_t in h[1:]:")),
        wrong("no_slope", "leaves the slopes of tanh out: a step's Jacobian has them",
              ("step_jacobian(W_hh, h_t)", "W_hh")),
        *within(plain_memory.step_jacobian, named(STEP_JACOBIAN.mistakes, "slopes_on_rows W_hh_transposed no_square")),
        wrong("mean_of_sizes", "takes the mean of |change| for its length: that is the root of the sum of squares",
              (_FIRST, "    change = change / np.abs(change).mean()\n"), (_LENGTH, "length = np.abs(change).mean()")),
        wrong("no_root", "takes the sum of squares for the length: the root is missing", (_LOG, "np.log(length**2)")),
        wrong("log10", "takes logarithms to base 10: natural ones are asked for", (_LOG, "np.log10(length)")),
        wrong("log2", "takes logarithms to base 2: natural ones are asked for", (_LOG, "np.log2(length)")),
        wrong("no_logarithm", "returns the stretches themselves: their logarithms add up", (_LOG, "length")),
        wrong("mean_of_all", "returns the mean: one number for each step is asked for",
              ("np.array(logs)", "np.array(logs).mean()")),
        wrong("added_up", "adds the logarithms up: each step's own is asked for",
              ("np.array(logs)", "np.cumsum(logs)")),
    ),
)

def _square_matrices() -> Cases:
    """(W,): of four sizes, with a complex pair on top, a negative number on top, both, and a shear."""
    turn = 1.3 * np.array([[0.6, 0.8], [-0.8, 0.6]])
    complex_on_top = np.array([[0.5, 0.3, -0.2], [0.0, *turn[0]], [0.0, *turn[1]]])
    negative_on_top = np.triu(draws(143)[0].floats("n_h", "n_h"), 1) + np.diag([0.7, -1.9, 0.2, 1.1])
    any_matrix, shear = draws(143)[2].floats("n_h", "n_h"), np.array([[0.9, 1.0], [0.0, 0.9]])
    return (complex_on_top,), (negative_on_top,), (any_matrix,), (shear,)

_MODULI = "np.abs(np.linalg.eigvals(W))"

SPECTRAL_RADIUS = Exercise(
    plain_memory.spectral_radius, task="say how far from 0 the farthest eigenvalue is.",
    arguments="W : (n, n), not symmetric.", result="radius : a number.", cases=_square_matrices,
    returns=(Output("radius"),), notebook="14", section="When it can be computed by hand",
    package=Package((dynamics.spectral_radius,), "The package looks at its argument first."),
    mistakes=(
        wrong("largest_real_part", "takes the largest real part: -2 and 2i are as far from 0 as 2",
              (f"{_MODULI}.max()", "np.linalg.eigvals(W).real.max()")),
        wrong("size_of_real_parts", "drops the imaginary parts before it measures: |a + bi| is the root of a² + b²",
              (_MODULI, "np.abs(np.linalg.eigvals(W).real)")),
        wrong("largest_singular_value", "takes the largest singular value: that is what one product can do at most",
              (f"{_MODULI}.max()", "np.linalg.norm(W, 2)")),
        wrong("as_if_symmetric", "uses a function for symmetric matrices, which reads one half of W only",
              ("eigvals(W)", "eigvalsh(W)")),
        wrong("frobenius", "takes the root of the sum of all squares", (f"{_MODULI}.max()", "np.linalg.norm(W)")),
        wrong("largest_entry", "takes the largest entry of W: eigenvalues are asked for", (_MODULI, "np.abs(W)")),
        wrong("diagonal", "takes the largest entry of the diagonal: it holds the eigenvalues of a triangle only",
              (_MODULI, "np.abs(np.diag(W))")),
        wrong("row_sums", "takes the largest row sum of sizes: no eigenvalue is larger, but it may be far off",
              (_MODULI, "np.abs(W).sum(axis=1)")),
        wrong("geometric_mean", "takes a root of the determinant: that is the geometric mean of all moduli",
              (f"{_MODULI}.max()", "np.abs(np.linalg.det(W)) ** (1 / len(W))")),
        wrong("mean_modulus", "averages the moduli: the largest one rules in the end", (".max()", ".mean()")),
        wrong("smallest_modulus", "takes the smallest modulus: the largest one rules in the end", (".max()", ".min()")),
        wrong("squared", "squares the modulus", (".max()", ".max() ** 2")),
        wrong("inverse", "looks at the inverse of W", ("eigvals(W)", "eigvals(np.linalg.pinv(W))")),
    ),
)

def _normal_numbers() -> Cases:
    """Make (normal,) of four sizes."""
    return tuple((d.floats("n_h", "n_h"),) for d in draws(144))

_TURNED, _SIGNS = "Q * np.sign(np.diag(R))", "np.sign(np.diag(R))"

ORTHOGONAL = Exercise(
    plain_memory.orthogonal,
    task="make the columns orthonormal, from the left on: normal = QR, where R has a positive diagonal.",
    arguments="normal : (n, n) normally distributed numbers.", result="Q : (n, n).", cases=_normal_numbers,
    returns=(Output("Q", ("n", "n")),), notebook="14", section="Seven starts",
    package=Package((params.orthogonal,), "The package draws the numbers itself, from a generator."),
    mistakes=(
        wrong("signs_left", "leaves the signs as the library has them: Q[0, 0] is then negative in every draw",
              (_TURNED, "Q")),
        wrong("signs_on_rows", "turns the rows of Q: column j belongs to R[j, j]", (_SIGNS, f"{_SIGNS}[:, None]")),
        wrong("signs_of_Q", "looks at the signs on Q's diagonal: it is R's that is to be positive",
              ("np.diag(R)", "np.diag(Q)")),
        wrong("negative_diagonal", "makes the diagonal of R negative", ("Q * np", "-Q * np")),
        wrong("diagonal_itself", "multiplies by R's diagonal: only its signs keep a column 1 long",
              (_SIGNS, "np.diag(R)")),
        wrong("R_returned", "returns R: the orthogonal factor is Q", (_TURNED, "R")),
        wrong("columns_scaled", "makes each column 1 long, which leaves them askew: they must be at right angles too",
              (_TURNED, "normal / np.linalg.norm(normal, axis=0)")),
        wrong("rows_first", "goes along the rows: the columns are to be made orthonormal, from the left on",
              ("qr(normal)", "qr(normal.T)")),
        wrong("rows_for_columns", "returns the transpose", (_TURNED, f"({_TURNED}).T")),
        wrong("divided", "divides by the root of n: Q is to change no length", (_SIGNS, f"{_SIGNS} / np.sqrt(len(R))")),
        wrong("nearest", "is the nearest orthogonal matrix: as good a start, but not the one asked for",
              (_TURNED, "np.linalg.svd(normal)[0] @ np.linalg.svd(normal)[2]")),
        wrong("left_singular", "takes the left singular vectors: orthogonal too, but not the matrix asked for",
              (_TURNED, "np.linalg.svd(normal)[0]")),
    ),
)

ALL = (STEP_JACOBIAN, GROWTH, SPECTRAL_RADIUS, ORTHOGONAL)
