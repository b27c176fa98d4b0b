"""The settings of the training run, which NumPy's side and PyTorch's share: those of notebook 11."""

UNITS, RATE, LIMIT, BATCH = 128, 0.005, 1.0, 32
