"""Live figures without a browser: controls, quick redrawing, what a cell's output holds, and errors.

`test_browser.py` moves the same figures on a real page.
"""

import sys
from binascii import b2a_base64
from types import SimpleNamespace

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from pictures import assert_moves_like_new, pixels, unpacked

from rnn_helpers import live
from rnn_helpers.live import Choice, Control, Stepper, Text, Toggle, View, widget
from rnn_helpers.live.redraw import Painter, packed, png
from rnn_helpers.live.widget import LiveFigure
from rnn_helpers.plots import Drawing

HEIGHT = Control("height", "height", 0.0, 1.0, 0.1, 0.3)
STEPS = Control("steps", "steps", 1, 9, 1, 4)


def draw(height: float, steps: int) -> Drawing:
    """Draw a line at a height over some steps, with a title: a picture in which everything moves that may."""
    figure = Figure(figsize=(4, 2), layout="constrained")
    ax = figure.add_subplot()
    (line,) = ax.plot([], [], "-o")
    ax.set(ylim=(-0.1, 1.1), xlim=(0.5, steps + 0.5))
    title = ax.set_title(" ")
    return update(Drawing(figure, "", moving=(line, title)), height, steps)


def update(drawing: Drawing, height: float, steps: int) -> Drawing:
    line, title = drawing.moving
    line.set_data(np.arange(1, steps + 1), np.full(steps, height))
    title.set_text(f"height {height:.1f}")
    ax = line.axes
    if ax.get_xlim() != (0.5, steps + 0.5):
        ax.set_xlim(0.5, steps + 0.5)
    return drawing._replace(sentence=f"{steps} steps at {height:.1f}.")


LINE = View(draw, (HEIGHT, STEPS), update)


@pytest.fixture
def full_draws(monkeypatch):
    """Count how often a whole figure is drawn."""
    draws = []
    plain = FigureCanvasAgg.draw
    monkeypatch.setattr(FigureCanvasAgg, "draw", lambda canvas: draws.append(canvas) or plain(canvas))
    return draws


@pytest.fixture
def shown(monkeypatch):
    """Collect what `show` displays for JupyterLab instead of displaying it."""
    displays = []
    monkeypatch.setattr(widget, "display", lambda data, **rest: displays.append((data, rest)))
    monkeypatch.setattr(widget, "_shown", {})
    on_a_page(monkeypatch, cell="one")
    return displays


def on_a_page(monkeypatch, cell: str | None = None, run: str = "a", **names: object) -> None:
    """Let the shell say that a page runs this cell (None: nobody says which), and that it has put in these names."""
    message = {"metadata": {"cellId": cell} if cell else {}, "header": {"msg_id": run}}
    shell = SimpleNamespace(parent_header=message, user_ns=names)
    monkeypatch.setattr(widget, "get_ipython", lambda: shell)


def move(figure: LiveFigure, **values: object) -> None:
    """Do what the page does when a control moves."""
    answer = figure.answer
    request = {"number": answer["number"] + 1, "values": {**answer["values"], **values}}
    figure._handle_custom_msg(request, [])


# ---- controls


@pytest.mark.parametrize(
    ("control", "value", "wanted"),
    [
        (HEIGHT, 1, 1.0),  # a slider at a whole number sends it without a point
        (STEPS, 5, 5),
        (STEPS, 5.0, 5),
        (Stepper("n", "n", 0, 3, 0), 3, 3),
        (Choice("kind", "kind", ("sum", "mean"), "sum"), "mean", "mean"),
        (Toggle("on", "on", False), True, True),
        (Text("word", "word", "hello"), "", ""),
    ],
)
def test_a_control_reads_values_in_its_own_type(control, value, wanted):
    read = control.read(value)
    assert (read, type(read)) == (wanted, type(wanted))


@pytest.mark.parametrize(
    ("control", "value", "complaint"),
    [
        (HEIGHT, 1.01, r"height: expected a number in 0.0..1.0, got 1.01"),
        (HEIGHT, float("nan"), "height: expected a number"),
        (HEIGHT, "0.5", "height: expected a number"),
        (STEPS, 2.5, "steps: expected an integer in 1..9, got 2.5"),
        (STEPS, 0, "steps: expected an integer in 1..9, got 0"),
        (STEPS, True, "steps: expected an integer in 1..9, got True"),
        (Stepper("n", "n", 0, 3, 0), 4, "n: expected an integer in 0..3, got 4"),
        (Choice("kind", "kind", ("sum", "mean"), "sum"), "max", "kind: expected one of sum, mean, got 'max'"),
        (Toggle("on", "on", False), 1, "on: expected True or False, got 1"),
        (Text("word", "word", "hello"), 5, "word: expected a text, got 5"),
    ],
)
def test_a_value_that_cannot_stand_is_an_error_that_names_the_control(control, value, complaint):
    with pytest.raises(ValueError, match=complaint):
        control.read(value)


def test_a_view_reads_a_value_for_each_of_its_controls():
    assert LINE.read({"steps": 2, "height": 1}) == {"height": 1.0, "steps": 2}
    with pytest.raises(ValueError, match=r"^values: expected one for each control, got none for height, steps$"):
        LINE.read({})
    with pytest.raises(TypeError, match=r"^values: expected a mapping from the controls' names, got NoneType$"):
        LINE.read(None)


def test_a_view_can_start_elsewhere(shown):
    live.show(LINE, height=0.8)
    assert shown[-1][0]["text/plain"] == "4 steps at 0.8."
    assert LINE.starts()["height"] == 0.3


def test_what_lies_higher_is_painted_over_what_lies_lower():
    """Moving artists are painted in their own order, as a new drawing paints them, and not as they are listed."""

    def draw(left):
        figure = Figure(figsize=(2, 2))
        ax = figure.add_axes((0, 0, 1, 1))
        ax.axis("off")
        high = ax.axvspan(left, 1, color="tab:blue", zorder=3)
        low = ax.axvspan(0, 1, color="tab:red", zorder=2)
        return Drawing(figure, "1 picture.", (high, low))

    def move(drawing, left):
        drawing.moving[0].set(x=left, width=1 - left)
        return drawing

    assert_moves_like_new(View(draw, (), move), [{"left": 0.25}, {"left": 0.75}])


def test_what_is_no_view_cannot_be_shown(shown):
    with pytest.raises(TypeError, match=r"^view: expected a View, such as live.GRADIENT, got str$"):
        live.show("GRADIENT")


def test_a_start_for_no_control_is_an_error(shown):
    with pytest.raises(TypeError, match="starts: expected controls among height, steps, got step"):
        live.show(LINE, step=3)
    assert shown == []


def test_what_is_no_view_is_refused_by_name(shown):
    with pytest.raises(TypeError, match=r"view: expected a View, such as live\.GRADIENT, got str"):
        live.show("GRADIENT")
    assert shown == []


def test_a_value_that_is_missing_is_an_error_that_names_its_control():
    with pytest.raises(ValueError, match="values: expected one for each control, got none for height"):
        LINE.read({"steps": 4})


def test_a_start_off_its_control_is_an_error(shown):
    with pytest.raises(ValueError, match=r"steps: expected an integer in 1..9, got 60"):
        live.show(LINE, steps=60)
    assert shown == []


# ---- drawing


def test_the_first_picture_is_the_plain_drawing_byte_for_byte():
    picture, _ = Painter(LINE).paint(LINE.starts())
    assert png(picture) == draw(0.3, 4).png()


def test_the_first_move_draws_no_second_figure():
    draws = []
    painter = Painter(LINE._replace(draw=lambda **values: draws.append(values) or draw(**values)))
    painter.paint({"height": 0.3, "steps": 4})
    painter.paint({"height": 0.4, "steps": 4})
    assert len(draws) == 1


@pytest.mark.parametrize("shape", [(1, 1), (1, 5), (5, 1), (7, 11)])
def test_packed_pixels_can_be_unpacked(shape):
    noise = np.random.default_rng(0).integers(0, 2, (*shape, 4), np.uint8)
    for picture in (noise, np.zeros_like(noise), np.full_like(noise, 255)):
        height, width = shape
        assert np.array_equal(unpacked({"width": width, "height": height, "runs": packed(picture)}), picture)


@pytest.mark.parametrize("view", [LINE, LINE._replace(update=None)], ids=["updated", "drawn anew"])
def test_after_many_moves_the_picture_is_what_a_new_drawing_shows(view):
    places = [(0.5, 4), (0.9, 4), (0.9, 9), (0.0, 9), (0.2, 1), (0.2, 7), (0.3, 4)]
    assert_moves_like_new(view, [{"height": height, "steps": steps} for height, steps in places])


def test_the_whole_figure_is_drawn_only_when_something_static_changes(full_draws):
    painter = Painter(LINE)
    painter.paint({"height": 0.4, "steps": 4})
    full_draws.clear()
    for tenth in range(10):
        painter.paint({"height": tenth / 10, "steps": 4})
    assert len(full_draws) == 0
    painter.paint({"height": 0.4, "steps": 5})
    assert len(full_draws) == 1


def test_a_static_artist_that_changes_after_all_is_drawn():
    def careless(drawing: Drawing, height: float, steps: int) -> Drawing:
        drawing.figure.axes[0].set_xlabel(f"height {height:.1f}")  # not among the moving artists
        return update(drawing, height, steps)

    painter = Painter(LINE._replace(update=careless))
    painter.paint({"height": 0.4, "steps": 4})
    before, after = (pixels(painter.paint({"height": height, "steps": 4})[0]) for height in (0.5, 0.6))
    label = np.s_[-40:]  # the rows at the bottom hold the axis's label alone
    assert not np.array_equal(before[label], after[label])


def test_after_an_error_in_the_middle_of_an_update_the_next_picture_is_right():
    def fragile(drawing: Drawing, height: float, steps: int) -> Drawing:
        drawing.moving[1].set_text("half done")
        drawing.figure.axes[0].set_ylim(0, 50)
        if height > 0.8:
            raise RuntimeError("broken")
        drawing.figure.axes[0].set_ylim(-0.1, 1.1)
        return update(drawing, height, steps)

    painter = Painter(LINE._replace(update=fragile))
    painter.paint({"height": 0.4, "steps": 4})
    with pytest.raises(RuntimeError, match="broken"):
        painter.paint({"height": 0.9, "steps": 4})
    picture, _ = painter.paint({"height": 0.5, "steps": 4})
    assert np.array_equal(pixels(picture), pixels(draw(0.5, 4).png()))


# ---- the widget and the cell's output


def test_jupyterlab_gets_a_place_for_the_figure_and_then_what_a_drawing_puts_out(shown):
    live.show(LINE)
    (place, _), (picture, picture_too), (caption, _) = shown
    (figure,) = widget._shown["one"][1]
    assert place == {"text/html": f'<rnn-live name="{figure.model_id}"></rnn-live>'}
    assert picture == {"image/png": b2a_base64(draw(0.3, 4).png()).decode(), "text/plain": "4 steps at 0.3."}
    assert picture_too["metadata"]["image/png"] == {"alt": "4 steps at 0.3.", "width": 400, "height": 200}
    assert caption == {"text/markdown": "*4 steps at 0.3.*", "text/plain": "4 steps at 0.3."}


@pytest.mark.parametrize("page", ["VS Code", "Colab"])
def test_a_page_that_draws_widgets_only_by_their_own_type_gets_it_beside_the_picture(shown, monkeypatch, page):
    if page == "Colab":
        monkeypatch.setitem(sys.modules, "google.colab", SimpleNamespace())
    else:
        on_a_page(monkeypatch, cell="vscode-notebook-cell:1", __vsc_ipynb_file__="a.ipynb")
    monkeypatch.setattr("anywidget.widget.in_colab", lambda: False)  # it would call on Colab's own package
    live.show(LINE)
    ((data, _),) = shown
    assert {"application/vnd.jupyter.widget-view+json", "image/png"} < set(data)
    assert data["text/plain"] == "4 steps at 0.3."


def test_where_no_page_says_that_it_listens_there_is_the_drawing(shown, monkeypatch):
    on_a_page(monkeypatch)
    live.show(LINE)
    ((drawing, _),) = shown
    assert isinstance(drawing, Drawing) and drawing.sentence == "4 steps at 0.3."


def test_in_a_terminal_the_sentence_is_printed(capsys):
    live.show(LINE)
    assert capsys.readouterr().out == "4 steps at 0.3.\n"


def test_a_cell_that_runs_again_closes_what_it_showed_before(shown, monkeypatch):
    made = []
    plain = LiveFigure.__init__
    monkeypatch.setattr(LiveFigure, "__init__", lambda figure, view: made.append(figure) or plain(figure, view))

    def run(cell: str | None, number: str, times: int = 1) -> None:
        """Show as many figures as a cell does in one run; None: on VS Code's page when it names no cells."""
        on_a_page(monkeypatch, cell, number, **({} if cell else {"__vsc_ipynb_file__": ""}))
        for _ in range(times):
            live.show(LINE)

    def alive() -> list[bool]:
        """Say which are still on the page; what is not must not keep its pictures either."""
        assert [hasattr(figure, "painter") for figure in made] == [figure.comm is not None for figure in made]
        return [figure.comm is not None for figure in made]

    run("one", "a", times=2)
    run("other", "b")
    run(None, "c")
    run(None, "d")
    assert alive() == [True] * 5
    run("one", "e", times=2)
    assert alive() == [False] * 2 + [True] * 5
    run("one", "f")
    assert alive() == [False] * 2 + [True] * 3 + [False] * 2 + [True]


def test_the_page_knows_every_control_and_where_it_starts():
    controls = (HEIGHT, STEPS, Choice("kind", "kind", ("sum", "mean"), "sum"), Toggle("on", "on", False))
    figure = LiveFigure(View(lambda height, steps, kind, on: draw(height, steps), controls))
    assert [control["kind"] for control in figure.controls] == ["Control", "Control", "Choice", "Toggle"]
    assert figure.controls[0] == {"kind": "Control", **HEIGHT._asdict()}
    assert figure.answer["number"] == 0
    assert figure.answer["values"] == {"height": 0.3, "steps": 4, "kind": "sum", "on": False}


def test_a_move_is_answered_in_one_message_with_its_number_values_picture_and_sentence(monkeypatch):
    figure = LiveFigure(LINE)
    sent = []
    monkeypatch.setattr(figure, "_send", lambda message, buffers=None: sent.append((message, buffers)))
    move(figure, height=0.9)
    ((message, buffers),) = sent
    picture = {"width": 800, "height": 400}  # its bytes travel beside the message
    words = {"number": 1, "values": {"height": 0.9, "steps": 4}, "sentence": "4 steps at 0.9.", "error": ""}
    assert message["state"] == {"answer": {**words, "picture": picture}}
    assert message["buffer_paths"] == [["answer", "picture", "runs"]]
    assert np.array_equal(unpacked({**picture, "runs": buffers[0]})[..., :3], pixels(draw(0.9, 4).png()))


def test_an_error_is_shown_and_reported_and_the_next_move_recovers(caplog):
    def fragile(height: float, steps: int) -> Drawing:
        if steps == 9:
            raise RuntimeError("nine is too many")
        return draw(height, steps)

    figure = LiveFigure(LINE._replace(draw=fragile, update=None))
    move(figure, steps=9)
    assert "RuntimeError: nine is too many" in caplog.text  # in a notebook: an error on the kernel's channel
    assert figure.answer == {
        "number": 1,
        "values": {"height": 0.3, "steps": 9},
        "sentence": "",
        "error": "RuntimeError: nine is too many",
    }
    move(figure, steps=8)
    assert (figure.answer["number"], figure.answer["error"]) == (2, "")
    assert figure.answer["sentence"] == "8 steps at 0.3."


def test_an_interrupt_while_a_picture_is_drawn_is_answered_too_and_the_next_move_recovers():
    def slow(height: float, steps: int) -> Drawing:
        if steps == 9:
            raise KeyboardInterrupt
        return draw(height, steps)

    figure = LiveFigure(LINE._replace(draw=slow, update=None))
    with pytest.raises(KeyboardInterrupt):
        move(figure, steps=9)
    assert (figure.answer["number"], figure.answer["error"]) == (1, "KeyboardInterrupt")
    move(figure, steps=8)
    assert figure.answer["sentence"] == "8 steps at 0.3."


def test_a_view_that_cannot_be_drawn_at_its_start_fails_its_cell(shown):
    def broken(**values: object) -> Drawing:
        raise RuntimeError("broken from the start")

    with pytest.raises(RuntimeError, match="broken from the start"):
        live.show(View(broken, LINE.controls))
    assert shown == []
