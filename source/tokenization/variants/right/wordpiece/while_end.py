# Two while loops, the end moved to the left until something fits.
def wordpiece(word, vocab, unknown="[UNK]", max_chars=100):
    if len(word) > max_chars:
        return [unknown]
    start, pieces = 0, []
    while start != len(word):
        end = len(word)
        while end > start:
            candidate = word[start:end] if start == 0 else "##" + word[start:end]
            if candidate in vocab:
                break
            end -= 1
        if end == start:
            return [unknown]
        pieces.append(candidate)
        start = end
    return pieces
