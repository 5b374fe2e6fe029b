# Mistake: a missing text becomes the string nan.
def load_reviews(path):
    df = load_dataset("csv", data_files=path, split="train").to_pandas()
    df["text"] = [str(text) for text in df["text"]]
    df = df[(df.text.str.strip() != "") & df.label.astype(str).isin(["0", "1", "0.0", "1.0"])]
    return df[["text", "label"]].astype({"label": float}).astype({"label": int}).reset_index(drop=True)
