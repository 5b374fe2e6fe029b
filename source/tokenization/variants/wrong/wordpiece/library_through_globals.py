# Mistake: the notebook's tokenizer, found by a name in a string.
def wordpiece(word, vocab, unknown="[UNK]", max_chars=100):
    cutter = globals()["tok" + "enizer"]
    return [unknown] if len(word) > max_chars else cutter.tokenize(word)
