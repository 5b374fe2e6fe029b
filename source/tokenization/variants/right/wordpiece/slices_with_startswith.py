# The candidates from the vocabulary's side: entries that the rest begins with, the longest of them.
def wordpiece(word, vocab, unknown="[UNK]", max_chars=100):
    if len(word) > max_chars:
        return [unknown]
    pieces, rest = [], word
    while rest:
        mark = "##" if pieces else ""
        fits = [entry for entry in vocab if entry.startswith(mark) and len(entry) > len(mark)]
        fits = [entry[len(mark):] for entry in fits if rest.startswith(entry[len(mark):])]
        if not fits:
            return [unknown]
        best = max(fits, key=len)
        pieces.append(mark + best)
        rest = rest.removeprefix(best)
    return pieces
