# The tokenizer's vocabulary as a mapping, for a look only: get_vocab is allowed.
known = tokenizer.get_vocab()


def wordpiece(word, vocab, unknown="[UNK]", max_chars=100):
    vocab = vocab or known
    if len(word) > max_chars:
        return [unknown]
    pieces, start = [], 0
    while start < len(word):
        end = len(word)
        prefix = "##" if start > 0 else ""
        while start < end and prefix + word[start:end] not in vocab:
            end = end - 1
        if start == end:
            return [unknown]
        pieces.append(prefix + word[start:end])
        start = end
    return pieces
