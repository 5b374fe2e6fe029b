# Looks up with [] and catches KeyError; an exception of its own for a dead end.
class DeadEnd(Exception):
    pass


def _longest(text, prefix, vocab):
    for cut in range(len(text)):
        piece = prefix + text[: len(text) - cut]
        try:
            vocab[piece]
        except KeyError:
            continue
        return piece, text[len(text) - cut :]
    raise DeadEnd(text)


def wordpiece(word, vocab, unknown="[UNK]", max_chars=100):
    if len(word) > max_chars:
        return [unknown]
    answer, prefix = [], ""
    try:
        while word:
            piece, word = _longest(word, prefix, vocab)
            answer.append(piece)
            prefix = "##"
    except DeadEnd:
        return [unknown]
    return answer
