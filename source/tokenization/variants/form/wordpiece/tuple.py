# Form: a tuple.
def _split(word, vocab, unknown, max_chars):
    if len(word) > max_chars:
        return [unknown]
    pieces, start = [], 0
    while start < len(word):
        for end in range(len(word), start, -1):
            piece = ("##" if start else "") + word[start:end]
            if piece in vocab:
                pieces.append(piece)
                start = end
                break
        else:
            return [unknown]
    return pieces


def wordpiece(word, vocab, unknown="[UNK]", max_chars=100):
    return tuple(_split(word, vocab, unknown, max_chars))
