"""Write docs/gallery.png: the names that notebook 08 invented, as notebook 09 paints them.

The picture is the one among the notebook's stored outputs, so run the notebook first (`course.py refresh`).
"""

import base64
import json
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
NOTEBOOK = ROOT / "notebooks" / "09_paint_a_name.ipynb"
GALLERY = ROOT / "docs" / "gallery.png"


def stored_gallery() -> tuple[bytes, str]:
    """Return the picture and its sentence from the output of the cell that paints the invented names."""
    cells = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]
    (cell,) = [cell for cell in cells if "invented = " in "".join(cell["source"])]
    (data,) = [output["data"] for output in cell["outputs"] if "image/png" in output.get("data", {})]
    return base64.b64decode("".join(data["image/png"])), "".join(data["text/plain"])


def main() -> None:
    """Write the file."""
    picture, sentence = stored_gallery()
    GALLERY.write_bytes(picture)
    print(f"{GALLERY.relative_to(ROOT)}: {sentence}")


if __name__ == "__main__":
    main()
