# Form: NumPy integers for Python ints (and a key more than asked for, which is free).
import numpy as np


def confusion(labels, predictions):
    y, p = np.array(list(labels)).astype(bool), np.array(list(predictions)).astype(bool)
    cells = {"tp": y & p, "fp": ~y & p, "tn": ~y & ~p, "fn": y & ~p}
    return {"n": len(y)} | {name: np.count_nonzero(cell) for name, cell in cells.items()}
