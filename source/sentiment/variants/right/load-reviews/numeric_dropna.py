# datasets, then pandas in several steps, with the missing values made visible first.
def load_reviews(path):
    table = load_dataset("csv", data_files={"train": path})["train"]
    df = pd.DataFrame({"text": list(table["text"]), "label": list(table["label"])})
    df["label"] = pd.to_numeric(df["label"], errors="coerce")
    df = df.dropna()
    df = df.query("label == 0 or label == 1")
    df = df.loc[df["text"].map(lambda text: len(text.split()) > 0)]
    df["label"] = df["label"].astype("int32")
    df.reset_index(drop=True, inplace=True)
    return df
