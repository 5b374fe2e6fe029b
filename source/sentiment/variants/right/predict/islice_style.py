# islice over an iterator; max_length passed on as well.
from itertools import islice


def predict(df, classifier, batch_size=16):
    it = iter(df["text"])
    labels, scores = [], []
    while chunk := list(islice(it, batch_size)):
        for d in classifier(chunk, truncation=True, max_length=512):
            labels.append(1 if d["label"] == "POSITIVE" else 0); scores.append(d["score"])
    new = df.copy(); new["prediction"] = pd.array(labels, dtype="int64"); new["score"] = pd.array(scores, dtype="float64")
    return new
