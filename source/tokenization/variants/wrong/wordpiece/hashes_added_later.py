# Mistake: looks up without ## and writes it afterwards.
def wordpiece(word, vocab, unknown="[UNK]", max_chars=100):
    if len(word) > max_chars:
        return [unknown]
    pieces = []
    start = 0
    while start < len(word):
        for end in range(len(word), start, -1):
            piece = word[start:end]
            if piece in vocab:
                pieces.append(piece if not start else "##" + piece)
                start = end
                break
        else:
            return [unknown]
    return pieces
