# A frame per position and a Series of losses.
import numpy as np
import pandas as pd


def cross_entropy(logits, targets):
    frame = pd.DataFrame(logits.detach().double().numpy())
    frame = frame.sub(frame.max(axis=1), axis=0)
    normaliser = np.log(np.exp(frame).sum(axis=1))
    picked = pd.Series([frame.iat[row, column] for row, column in enumerate(targets.tolist())])
    return float((normaliser - picked).mean())
