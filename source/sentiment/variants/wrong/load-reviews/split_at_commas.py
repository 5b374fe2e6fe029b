# Mistake: splits each line at its commas, quoted or not.
def load_reviews(path):
    lines = open(path, encoding="utf-8").read().splitlines()
    names = lines[0].split(",")
    rows = [dict(zip(names, line.split(","))) for line in lines[1:]]
    kept = [(row["text"], int(row["label"])) for row in rows if row.get("text", "").strip() and row.get("label") in ("0", "1")]
    return pd.DataFrame(kept, columns=["text", "label"])
