# Read as a stream, one row after another.
def load_reviews(path):
    rows = load_dataset("csv", data_files=path, split="train", streaming=True)
    kept = [(row["text"], int(float(row["label"]))) for row in rows
            if row["text"] and row["text"].strip() and str(row["label"]) in ("0", "1", "0.0", "1.0")]
    return pd.DataFrame(kept, columns=["text", "label"]).astype({"label": int})
