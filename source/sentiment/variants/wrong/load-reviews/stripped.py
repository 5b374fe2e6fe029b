# Mistake: texts lose the spaces at their ends.
def load_reviews(path):
    df = pd.read_csv(path, dtype=str, keep_default_na=False)
    df["text"] = df["text"].str.strip()
    df = df[(df.text != "") & df.label.isin(["0", "1"])]
    return df[["text", "label"]].astype({"label": int}).reset_index(drop=True)
