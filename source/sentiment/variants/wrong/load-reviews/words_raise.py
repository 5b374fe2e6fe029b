# Mistake: int() of a word raises.
def load_reviews(path):
    df = pd.read_csv(path, dtype=str, keep_default_na=False)
    df["label"] = [int(float(label)) if label and float(label) in (0, 1) else -1 for label in df["label"]]
    df = df[(df.text.str.strip() != "") & (df.label >= 0)]
    return df[["text", "label"]].reset_index(drop=True)
