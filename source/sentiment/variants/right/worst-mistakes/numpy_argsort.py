# NumPy's stable argsort of the negated scores.
import numpy as np


def worst_mistakes(df, n=5):
    wrong = np.where(df["prediction"].values != df["label"].values)[0]
    order = np.argsort(-df["score"].values[wrong], kind="stable")
    return df.iloc[wrong[order][:n]]
