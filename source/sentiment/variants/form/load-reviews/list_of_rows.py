# Form: a list of dictionaries for a frame.
import csv


def load_reviews(path):
    with open(path, newline="", encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["text"].strip() and row["label"] in ("0", "1")]
    return [{"text": row["text"], "label": int(row["label"])} for row in rows]
