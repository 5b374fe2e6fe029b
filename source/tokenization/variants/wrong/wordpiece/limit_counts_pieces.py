# Mistake: the limit is on pieces, not on characters.
def wordpiece(word, vocab, unknown="[UNK]", max_chars=100):
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
    return [unknown] if len(pieces) > max_chars else pieces
