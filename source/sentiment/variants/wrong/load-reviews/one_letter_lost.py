# Mistake: a text of one letter counts as blank.
def load_reviews(path):
    df = load_dataset("csv", data_files=path, split="train").to_pandas()
    df["label"] = pd.to_numeric(df["label"], errors="coerce")
    df = df[(df["text"].fillna("").str.strip().str.len() > 1) & df["label"].isin([0, 1])]
    return df[["text", "label"]].astype({"label": int}).reset_index(drop=True)
