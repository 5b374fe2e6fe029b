# Mistake: byte-pair encoding: joins neighbours from letters upwards.
def wordpiece(word, vocab, unknown="[UNK]", max_chars=100):
    if len(word) > max_chars:
        return [unknown]
    pieces = [letter if i == 0 else "##" + letter for i, letter in enumerate(word)]
    i = 0
    while i + 1 < len(pieces):
        joined = pieces[i] + pieces[i + 1][2:]
        if joined in vocab:
            pieces[i : i + 2] = [joined]
            i = 0
        else:
            i += 1
    return pieces if all(piece in vocab for piece in pieces) else [unknown]
