# Mistake: a max_chars of 0 is taken for the default.
def wordpiece(word, vocab, unknown="[UNK]", max_chars=100):
    max_chars = max_chars or 100
    if len(word) > max_chars:
        return [unknown]
    pieces = []
    start = 0
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
