# Mistake: int() makes a 0 of 0.7 before anybody asks.
def load_reviews(path):
    df = load_dataset("csv", data_files=path, split="train").to_pandas()
    labels = pd.to_numeric(df["label"], errors="coerce").fillna(-1).astype(int)
    df = df.assign(label=labels)[df["text"].fillna("").str.strip().ne("") & labels.isin([0, 1])]
    return df[["text", "label"]].reset_index(drop=True)
