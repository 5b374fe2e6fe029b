# Mistake: NumPy's default argsort is not stable.
import numpy as np


def worst_mistakes(df, n=5):
    wrong = df[df["prediction"] != df["label"]]
    return wrong.iloc[np.argsort(-wrong["score"].to_numpy())[:n]]
