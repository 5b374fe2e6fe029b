# Mistake: labels such as 0.7 are rounded.
def load_reviews(path):
    df = load_dataset("csv", data_files=path, split="train").to_pandas()
    labels = pd.to_numeric(df["label"], errors="coerce").round()
    df = df.assign(label=labels)[df["text"].fillna("").str.strip().ne("") & labels.isin([0, 1])]
    return df[["text", "label"]].astype({"label": int}).reset_index(drop=True)
