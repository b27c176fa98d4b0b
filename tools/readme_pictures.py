"""Write the README's pictures: docs/unrolled.png, and docs/gallery.png, the names that notebook 11 invented.

The gallery is the one among notebook 13's stored outputs, so run the notebook first (`course.py refresh`).
"""

import base64
import json
from pathlib import Path

from rnn_helpers import plots

ROOT = Path(__file__).resolve().parents[1]
NOTEBOOK = ROOT / "notebooks" / "13_paint_a_name.ipynb"
UNROLLED = ROOT / "docs" / "unrolled.png"
GALLERY = ROOT / "docs" / "gallery.png"


def unrolled() -> plots.Drawing:
    """Draw the network of notebooks 03 and 06, over more steps than there."""
    return plots.unrolled(9, n_x=4, n_h=5, n_y=3, batch=2, backward=True)


def stored_gallery() -> tuple[bytes, str]:
    """Return the picture and its sentence from the output of the cell that paints the invented names."""
    cells = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]
    (cell,) = [cell for cell in cells if "invented = " in "".join(cell["source"])]
    (data,) = [output["data"] for output in cell["outputs"] if "image/png" in output.get("data", {})]
    return base64.b64decode("".join(data["image/png"])), "".join(data["text/plain"])


def main() -> None:
    """Write both files."""
    drawing = unrolled()
    for path, picture, sentence in (UNROLLED, drawing.png(), drawing.sentence), (GALLERY, *stored_gallery()):
        path.write_bytes(picture)
        print(f"{path.relative_to(ROOT)}: {sentence}")


if __name__ == "__main__":
    main()
