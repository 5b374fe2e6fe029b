# Recursion on the rest of the word; None means that it cannot be done.
def _rest(word, vocab, mark):
    if word == "":
        return []
    for size in range(len(word), 0, -1):
        if mark + word[:size] in vocab:
            others = _rest(word[size:], vocab, "##")
            return None if others is None else [mark + word[:size]] + others
    return None


def wordpiece(word, vocab, unknown="[UNK]", max_chars=100):
    found = _rest(word, vocab, "") if len(word) <= max_chars else None
    return [unknown] if found is None else found
