# A data set behind transformers' KeyDataset, which the documentation recommends for much data.
from datasets import Dataset
from transformers.pipelines.pt_utils import KeyDataset


def predict(df, classifier, batch_size=16):
    out = df.copy()
    if df.empty:
        out["prediction"], out["score"] = 0, 0.0
        return out
    texts = KeyDataset(Dataset.from_dict({"text": list(df["text"])}), "text")
    answers = list(classifier(texts, batch_size=batch_size, truncation=True))
    out["prediction"] = [int(answer["label"] == "POSITIVE") for answer in answers]
    out["score"] = [answer["score"] for answer in answers]
    return out
