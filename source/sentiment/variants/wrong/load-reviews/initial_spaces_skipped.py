# Mistake: the reader takes spaces after a comma away.
def load_reviews(path):
    df = pd.read_csv(path, dtype=str, keep_default_na=False, skipinitialspace=True)
    df = df[(df.text.str.strip() != "") & df.label.isin(["0", "1"])]
    return df[["text", "label"]].astype({"label": int}).reset_index(drop=True)
