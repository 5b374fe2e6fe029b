# Boolean masks of NumPy, counted and turned into ints.
import numpy as np


def confusion(labels, predictions):
    y, p = np.asarray(labels) == 1, np.asarray(predictions) == 1
    return {"tp": int((y & p).sum()), "fp": int((~y & p).sum()), "tn": int((~y & ~p).sum()), "fn": int((y & ~p).sum())}
