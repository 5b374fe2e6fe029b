# Mistake: a text of nothing but white space is kept; only missing ones are dropped.
def load_reviews(path):
    df = pd.read_csv(path, dtype=str, keep_default_na=False)
    df = df[(df.text != "") & df.label.isin(["0", "1"])]
    return df[["text", "label"]].astype({"label": int}).reset_index(drop=True)
