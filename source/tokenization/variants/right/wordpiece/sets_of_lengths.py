# Plain sets of heads and tails, and the longest length that is worth a try.
def wordpiece(word, vocab, unknown="[UNK]", max_chars=100):
    if len(word) > int(max_chars):
        return [unknown]
    everything = set(vocab)
    longest = max(map(len, everything), default=0)
    pieces, start = [], 0
    while start < len(word):
        for end in range(min(len(word), start + longest), start, -1):
            piece = f"{'##' * bool(start)}{word[start:end]}"
            if piece in everything:
                pieces += [piece]
                start = end
                break
        else:
            pieces = [unknown]
            break
    return pieces
