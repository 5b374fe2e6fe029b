# Mistake: remembers words and forgets that the vocabulary may be another one.
_seen = {}


def wordpiece(word, vocab, unknown="[UNK]", max_chars=100):
    key = (word, unknown, int(max_chars))
    if key not in _seen:
        pieces, start = [], 0
        while start < len(word) and len(word) <= max_chars:
            for end in range(len(word), start, -1):
                piece = ("##" if start else "") + word[start:end]
                if piece in vocab:
                    break
            else:
                break
            pieces.append(piece)
            start = end
        _seen[key] = pieces if start == len(word) else [unknown]
    return list(_seen[key])
