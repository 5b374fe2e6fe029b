# Mistake: goes on by the length of the piece, ## included.
def wordpiece(word, vocab, unknown="[UNK]", max_chars=100):
    if len(word) > max_chars:
        return [unknown]
    pieces = []
    start = 0
    while start < len(word):
        for end in range(len(word), start, -1):
            piece = ("##" if start else "") + word[start:end]
            if piece in vocab:
                pieces.append(piece)
                start += len(piece)
                break
        else:
            return [unknown]
    return pieces
