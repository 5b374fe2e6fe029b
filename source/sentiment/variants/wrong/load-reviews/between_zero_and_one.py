# Mistake: whatever lies between 0 and 1 is kept.
def load_reviews(path):
    df = load_dataset("csv", data_files=path, split="train").to_pandas()
    labels = pd.to_numeric(df["label"], errors="coerce")
    df = df.assign(label=labels)[df["text"].fillna("").str.strip().ne("") & labels.between(0, 1)]
    return df[["text", "label"]].astype({"label": int}).reset_index(drop=True)
