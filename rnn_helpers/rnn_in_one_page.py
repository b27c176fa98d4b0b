"""A recurrent network learns to write names of colours. Numbers name the notebook that derives a line."""

import numpy as np
from matplotlib.colors import XKCD_COLORS

NAMES = [name.removeprefix("xkcd:") for name in XKCD_COLORS]
LETTERS = "\n" + "".join(sorted(set("".join(NAMES))))  # 09: the line break begins and ends a name


def loss_and_grads(params: list[np.ndarray], texts: np.ndarray) -> tuple[float, list[np.ndarray]]:
    """Return the mean cost of a letter after the first, and its gradients; texts are ids (time, batch)."""
    W_xh, W_hh, b_h, W_hy, b_y = params
    ids, right = np.maximum(texts[:-1], 0), texts[1:].ravel()  # 09: -100 stands behind a name's end
    h = np.zeros((len(ids) + 1, ids.shape[1], len(b_h)))  # 03: the state before the first step is 0
    from_x = W_xh[ids] + b_h  # 17: for all steps at once
    for t in range(len(ids)):
        h[t + 1] = np.tanh(from_x[t] + h[t] @ W_hh)  # 02
    h_rows, counts = h[1:].reshape(-1, len(b_h)), right >= 0
    z = h_rows @ W_hy + b_y
    e = np.exp(z - z.max(axis=1, keepdims=True))
    y = e / e.sum(axis=1, keepdims=True)  # 01
    loss = -np.log(y[counts, right[counts]]).mean()  # 04
    dlogits = y * counts[:, None] / counts.sum()
    dlogits[counts, right[counts]] -= 1 / counts.sum()
    dh, dz = (dlogits @ W_hy.T).reshape(h[1:].shape), np.zeros_like(h)  # dz is 0 after the end
    for t in reversed(range(len(ids))):
        dz[t] = (dh[t] + dz[t + 1] @ W_hh.T) * (1 - h[t + 1] ** 2)  # 05, 06: both roads, then tanh
    x, h_prev, d = np.eye(len(W_xh))[ids.ravel()], *(a[:-1].reshape(h_rows.shape) for a in (h, dz))
    return loss, [x.T @ d, h_prev.T @ d, d.sum(axis=0), h_rows.T @ dlogits, dlogits.sum(axis=0)]  # 17


def train(rng: np.random.Generator, steps: int, n_h: int = 64) -> tuple[list[np.ndarray], np.ndarray]:
    """Return what Adam makes of random weights, and the losses on the way."""
    shapes = ((len(LETTERS), n_h), (n_h, n_h), (n_h,), (n_h, len(LETTERS)), (len(LETTERS),))
    params = [rng.standard_normal(s) / np.sqrt(s[0]) * (len(s) > 1) for s in shapes]  # 06, 14
    m, s, losses = [0 * p for p in params], [0 * p for p in params], np.zeros(steps)
    for step in range(1, steps + 1):
        texts = [[LETTERS.index(a) for a in f"\n{NAMES[i]}\n"] for i in rng.integers(len(NAMES), size=32)]
        ids = np.array([text + [-100] * (max(map(len, texts)) - len(text)) for text in texts]).T  # 09
        losses[step - 1], grads = loss_and_grads(params, ids)
        norm = np.sqrt(sum((g**2).sum() for g in grads))
        for i, g in enumerate(g / max(1, norm) for g in grads):  # 10: clipped, then Adam
            m[i], s[i] = 0.9 * m[i] + 0.1 * g, 0.999 * s[i] + 0.001 * g**2
            params[i] -= 0.005 * m[i] / (1 - 0.9**step) / (np.sqrt(s[i] / (1 - 0.999**step)) + 1e-8)
    return params, losses


def write(params: list[np.ndarray], rng: np.random.Generator) -> str:
    """Return a name, letter by letter."""
    (W_xh, W_hh, b_h, W_hy, b_y), h, text = params, np.zeros(len(params[1])), "\n"
    while len(text) < 30 and "\n" not in text[1:]:
        h = np.tanh(W_xh[LETTERS.index(text[-1])] + h @ W_hh + b_h)
        e = np.exp(h @ W_hy + b_y)
        text += LETTERS[rng.choice(len(e), p=e / e.sum())]  # 11
    return text.strip()


if __name__ == "__main__":
    trained, losses = train(rng := np.random.default_rng(0), 500)
    print(f"{losses[-50:].mean():.2f} nats a letter:", ", ".join(write(trained, rng) for _ in range(8)))
