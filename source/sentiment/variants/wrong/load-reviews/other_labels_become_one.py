# Mistake: any label that is not 0 becomes 1.
def load_reviews(path):
    df = pd.read_csv(path, dtype=str, keep_default_na=False)
    df = df[(df.text.str.strip() != "") & (df.label != "")]
    return df[["text"]].assign(label=(df["label"] != "0").astype(int)).reset_index(drop=True)
