# read_csv with usecols, and regular expressions for both conditions.
def load_reviews(path):
    df = pd.read_csv(path, usecols=["label", "text"], dtype="object").reindex(columns=["text", "label"])
    good = df.text.str.contains(r"\S", na=False) & df.label.astype(str).str.fullmatch("[01]")
    out = df[good].copy()
    out["label"] = out.label.map({"0": 0, "1": 1})
    return out.set_axis(pd.RangeIndex(len(out)), axis=0).astype({"label": int, "text": object})
