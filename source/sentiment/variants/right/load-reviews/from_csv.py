# Dataset.from_csv and the data set's own filter, row by row.
from datasets import Dataset


def usable(row):
    text, label = row["text"], row["label"]
    return text is not None and text.strip() != "" and str(label) in ("0", "1", "0.0", "1.0")


def load_reviews(path):
    kept = Dataset.from_csv(path).filter(usable).select_columns(["text", "label"])
    return pd.DataFrame({"text": list(kept["text"]), "label": [int(float(label)) for label in kept["label"]]})
