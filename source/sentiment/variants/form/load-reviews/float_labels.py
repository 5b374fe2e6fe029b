# Form: labels come out as floats when one of them was missing.
def load_reviews(path):
    df = load_dataset("csv", data_files=path, split="train").to_pandas()
    number = pd.to_numeric(df["label"], errors="coerce")
    df = df.assign(label=number)[df["text"].fillna("").str.strip().ne("") & number.isin([0, 1])]
    return df[["text", "label"]].reset_index(drop=True)
