# pandas alone, everything read as strings.
def load_reviews(path):
    df = pd.read_csv(path, dtype=str, keep_default_na=False)
    df = df[(df.text.str.strip() != "") & df.label.isin(["0", "1"])]
    df = df[["text", "label"]].astype({"label": "int64"})
    df.index = range(len(df))
    return df
