# try and except around int, in a helper; prints what it dropped.
def as_label(value):
    try:
        number = float(value)
    except (TypeError, ValueError):
        return None
    return int(number) if number in (0.0, 1.0) else None


def load_reviews(path):
    rows = load_dataset("csv", data_files=path, split="train")
    texts, labels = [], []
    for row in rows:
        label = as_label(row["label"])
        if label is not None and row["text"] is not None and row["text"].strip():
            texts.append(row["text"])
            labels.append(label)
    print(len(rows) - len(texts), "rows dropped")
    return pd.DataFrame(dict(text=pd.Series(texts, dtype=str), label=pd.Series(labels, dtype=int)))
