# next() over a generator of candidates.
def wordpiece(word, vocab, unknown="[UNK]", max_chars=100):
    pieces, rest, mark = [], word, ""
    while rest and len(word) <= max_chars:
        piece = next((rest[:n] for n in reversed(range(1, len(rest) + 1)) if mark + rest[:n] in vocab), None)
        if piece is None:
            return [unknown]
        pieces.append(mark + piece)
        rest, mark = rest[len(piece):], "##"
    return [unknown] if rest else pieces
