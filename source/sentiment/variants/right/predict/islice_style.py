# islice over an iterator; max_length passed on as well.
from itertools import islice


def predict(df, classifier, batch_size=16):
    it = iter(df["text"])
    labels, scores = [], []
    while chunk := list(islice(it, batch_size)):
        for d in classifier(chunk, truncation=True, max_length=512):
            labels.append(1 if d["label"] == "POSITIVE" else 0); scores.append(d["score"])
    new = df.copy(); new.loc[:, "prediction"] = labels; new.loc[:, "score"] = scores
    return new
