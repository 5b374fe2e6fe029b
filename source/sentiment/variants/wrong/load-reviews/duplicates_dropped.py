# Mistake: a review that comes twice is dropped.
def load_reviews(path):
    df = pd.read_csv(path, dtype=str, keep_default_na=False)
    df = df[(df.text.str.strip() != "") & df.label.isin(["0", "1"])].drop_duplicates("text")
    return df[["text", "label"]].astype({"label": int}).reset_index(drop=True)
