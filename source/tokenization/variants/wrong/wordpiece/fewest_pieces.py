# Mistake: the cut with the fewest pieces, not the greedy one.
def wordpiece(word, vocab, unknown="[UNK]", max_chars=100):
    if len(word) > max_chars:
        return [unknown]
    best = [[]] + [None] * len(word)
    for end in range(1, len(word) + 1):
        for start in range(end):
            piece = ("##" if start else "") + word[start:end]
            if best[start] is not None and piece in vocab:
                if best[end] is None or len(best[start]) + 1 < len(best[end]):
                    best[end] = [*best[start], piece]
    return [unknown] if best[-1] is None else best[-1]
