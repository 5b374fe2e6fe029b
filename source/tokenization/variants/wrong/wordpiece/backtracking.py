# Mistake: goes back from a dead end and tries a shorter piece.
def _ways(rest, vocab, mark):
    if not rest:
        return []
    for n in range(len(rest), 0, -1):
        if mark + rest[:n] in vocab:
            more = _ways(rest[n:], vocab, "##")
            if more is not None:
                return [mark + rest[:n], *more]
    return None


def wordpiece(word, vocab, unknown="[UNK]", max_chars=100):
    found = None if len(word) > max_chars else _ways(word, vocab, "")
    return [unknown] if found is None else found
