# Columns that are backed by pyarrow, from pandas' reader.
def load_reviews(path):
    df = pd.read_csv(path, dtype_backend="pyarrow", usecols=["text", "label"])
    labels = pd.to_numeric(df["label"].astype("string[pyarrow]"), errors="coerce")
    kept = df["text"].fillna("").str.strip().ne("") & labels.isin([0, 1])
    df = pd.DataFrame({"text": df["text"], "label": labels})[kept.fillna(False)]
    return df.astype({"label": "int64[pyarrow]"}).reset_index(drop=True)
