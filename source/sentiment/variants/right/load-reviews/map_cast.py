# A column cast, a filter over columns, and a data set that gives frames.
from datasets import Value


def load_reviews(path):
    ds = load_dataset("csv", data_files=path)["train"].select_columns(["text", "label"])
    ds = ds.cast_column("label", Value("string"))
    ds = ds.filter(lambda t, l: bool(t) and bool(t.strip()) and l in {"0", "1", "0.0", "1.0"}, input_columns=["text", "label"])
    df = ds.with_format("pandas")[:]
    df["label"] = df["label"].str[0].astype("uint8")
    return df
