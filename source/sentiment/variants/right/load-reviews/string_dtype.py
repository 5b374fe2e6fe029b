# pandas' own string type and a nullable int.
def load_reviews(path):
    df = pd.read_csv(path, dtype={"text": "string", "label": "string"})
    df = df[df["text"].str.strip().fillna("").ne("") & df["label"].isin(["0", "1"])]
    return df[["text", "label"]].astype({"label": "Int64"}).reset_index(drop=True)
