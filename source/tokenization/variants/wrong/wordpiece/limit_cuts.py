# Mistake: a word that is too long is cut to max_chars.
def wordpiece(word, vocab, unknown="[UNK]", max_chars=100):
    word = word[:max_chars]
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
