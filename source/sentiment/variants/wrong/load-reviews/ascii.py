# Mistake: letters beyond ASCII are lost.
def load_reviews(path):
    df = load_dataset("csv", data_files=path, split="train").to_pandas()
    df["label"] = pd.to_numeric(df["label"], errors="coerce")
    df = df[df["text"].fillna("").str.strip().ne("") & df["label"].isin([0, 1])]
    df["text"] = df["text"].str.encode("ascii", "ignore").str.decode("ascii")
    return df[["text", "label"]].astype({"label": int}).reset_index(drop=True)
