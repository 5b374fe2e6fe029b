# Batches as groups of a frame.
import numpy as np


def predict(df, classifier, batch_size=16):
    frames = [df.iloc[:0].assign(prediction=0, score=0.0)]
    for _, part in df.groupby(np.arange(len(df)) // batch_size):
        answers = classifier(part["text"].to_list(), truncation=True, padding=True)
        frames.append(part.assign(score=[a["score"] for a in answers], prediction=[int(a["label"] == "POSITIVE") for a in answers]))
    return pd.concat(frames).astype({"prediction": int, "score": float})
