# Mistake: a text with a line end inside is torn apart.
import csv


def load_reviews(path):
    lines = open(path, encoding="utf-8").read().split("\n")
    rows = [dict(zip(next(csv.reader(lines[:1])), next(csv.reader([line]), []))) for line in lines[1:] if line]
    kept = [(row["text"], int(row["label"])) for row in rows if row.get("text", "").strip() and row.get("label") in ("0", "1")]
    return pd.DataFrame(kept, columns=["text", "label"])
