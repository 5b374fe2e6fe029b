# Form: the rows are numbered from 1.
def load_reviews(path):
    df = pd.read_csv(path, dtype=str, keep_default_na=False)
    df = df[(df.text.str.strip() != "") & df.label.isin(["0", "1"])]
    return df[["text", "label"]].astype({"label": int}).set_axis(range(1, len(df) + 1), axis=0)
