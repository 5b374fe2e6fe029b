# Mistake: reads the file in a one-byte encoding.
def load_reviews(path):
    df = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="latin-1")
    df = df[(df.text.str.strip() != "") & df.label.isin(["0", "1"])]
    return df[["text", "label"]].astype({"label": int}).reset_index(drop=True)
