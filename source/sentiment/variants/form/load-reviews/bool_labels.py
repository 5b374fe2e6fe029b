# Form: labels become True and False.
def load_reviews(path):
    df = pd.read_csv(path, dtype=str, keep_default_na=False)
    df = df[(df.text.str.strip() != "") & df.label.isin(["0", "1"])]
    return df[["text"]].assign(label=df["label"] == "1").reset_index(drop=True)
