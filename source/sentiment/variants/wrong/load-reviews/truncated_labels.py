# Mistake: a label of 0.5 is cut to 0 before it is looked at.
def load_reviews(path):
    df = pd.read_csv(path, dtype=str, keep_default_na=False)
    number = pd.to_numeric(df["label"], errors="coerce").fillna(-1).astype(int)
    df = df.assign(label=number)[(df.text.str.strip() != "") & number.isin([0, 1])]
    return df[["text", "label"]].reset_index(drop=True)
