# Mistake: takes the longest piece anywhere in the word first, then what is on either side.
def _cut(word, start, end, vocab):
    if start == end:
        return []
    for size in range(end - start, 0, -1):
        for left in range(start, end - size + 1):
            piece = ("##" if left else "") + word[left : left + size]
            if piece in vocab:
                before, after = _cut(word, start, left, vocab), _cut(word, left + size, end, vocab)
                return None if before is None or after is None else [*before, piece, *after]
    return None


def wordpiece(word, vocab, unknown="[UNK]", max_chars=100):
    found = None if len(word) > max_chars else _cut(word, 0, len(word), vocab)
    return [unknown] if found is None else found
