# PyArrow's reader underneath, filtered as Python lists.
import pyarrow.csv


def load_reviews(path):
    options = pyarrow.csv.ConvertOptions(column_types={"text": "string", "label": "string"})
    table = pyarrow.csv.read_csv(path, convert_options=options, parse_options=pyarrow.csv.ParseOptions(newlines_in_values=True))
    pairs = zip(table["text"].to_pylist(), table["label"].to_pylist())
    kept = [(text, label == "1") for text, label in pairs if (text or "").strip() and label in {"0", "1"}]
    frame = pd.DataFrame.from_records(kept, columns=["text", "label"])
    return frame.assign(label=frame["label"].astype(int))
