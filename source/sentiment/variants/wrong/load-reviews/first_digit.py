# Mistake: only the first digit of a label is looked at.
def load_reviews(path):
    df = pd.read_csv(path, dtype=str, keep_default_na=False)
    df["label"] = df["label"].str[:1]
    df = df[(df.text.str.strip() != "") & df.label.isin(["0", "1"])]
    return df[["text", "label"]].astype({"label": int}).reset_index(drop=True)
