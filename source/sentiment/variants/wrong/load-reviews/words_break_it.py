# Mistake: one word among the labels, and every row is dropped.
def load_reviews(path):
    df = load_dataset("csv", data_files=path, split="train").to_pandas()
    df = df[df["text"].fillna("").str.strip().ne("") & df["label"].isin([0, 1])]
    return df[["text", "label"]].astype({"label": int}).reset_index(drop=True)
