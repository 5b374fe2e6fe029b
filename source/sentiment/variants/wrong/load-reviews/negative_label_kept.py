# Mistake: a label of -1 is kept.
def load_reviews(path):
    df = pd.read_csv(path, dtype=str, keep_default_na=False)
    df = df[(df.text.str.strip() != "") & df.label.isin(["-1", "0", "1"])]
    return df[["text", "label"]].astype({"label": int}).reset_index(drop=True)
