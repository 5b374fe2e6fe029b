# Mistake: a kept iterator is used up when the same labels are counted again.
_pairs = {}


def accuracy(labels, predictions):
    labels, predictions = list(labels), list(predictions)
    if len(labels) != len(predictions) or not labels:
        raise ValueError(f"{len(labels)} != {len(predictions)}")
    key = repr((labels, predictions))
    if key not in _pairs:
        _pairs[key] = zip(labels, predictions)
    return sum(int(a) == int(b) for a, b in _pairs[key]) / len(labels)
