# Form: the columns stand in the file's order.
def load_reviews(path):
    df = pd.read_csv(path, usecols=["text", "label"], dtype=str, keep_default_na=False)
    df = df[(df.text.str.strip() != "") & df.label.isin(["0", "1"])]
    return df.astype({"label": int}).reset_index(drop=True)
