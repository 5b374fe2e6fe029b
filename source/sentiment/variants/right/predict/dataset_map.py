# A data set of the texts and its batched map.
from datasets import Dataset


def predict(df, classifier, batch_size=16):
    if not len(df):
        return df.assign(prediction=pd.Series(dtype="int64"), score=pd.Series(dtype="float64"))
    ds = Dataset.from_dict({"text": df["text"].tolist()})
    def ask(batch):
        answers = classifier(batch["text"], truncation=True)
        return {"prediction": [int(a["label"] == "POSITIVE") for a in answers], "score": [a["score"] for a in answers]}
    ds = ds.map(ask, batched=True, batch_size=batch_size)
    return df.assign(prediction=list(ds["prediction"]), score=list(ds["score"]))
