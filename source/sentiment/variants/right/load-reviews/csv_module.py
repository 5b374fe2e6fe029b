# The standard library's csv, a list of dictionaries.
import csv


def load_reviews(path):
    rows = []
    with open(path, newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["text"] and not row["text"].isspace() and row["label"] in ["0", "1"]:
                rows.append({"text": row["text"], "label": int(row["label"])})
    return pd.DataFrame(rows, columns=["text", "label"])
