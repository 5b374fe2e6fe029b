# Mistake: takes the first two columns, whatever they are called.
def load_reviews(path):
    df = pd.read_csv(path, dtype=str, keep_default_na=False).iloc[:, :2]
    df.columns = ["text", "label"]
    df = df[(df.text.str.strip() != "") & df.label.isin(["0", "1"])]
    return df.astype({"label": int}).reset_index(drop=True)
