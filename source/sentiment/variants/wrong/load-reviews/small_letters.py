# Mistake: texts are turned into small letters.
def load_reviews(path):
    df = load_dataset("csv", data_files=path, split="train").to_pandas()
    df["label"] = pd.to_numeric(df["label"], errors="coerce")
    df["text"] = df["text"].fillna("").str.lower()
    df = df[df["text"].str.strip().ne("") & df["label"].isin([0, 1])]
    return df[["text", "label"]].astype({"label": int}).reset_index(drop=True)
