# Mistake: the notebook's tokenizer does the work.
def wordpiece(word, vocab, unknown="[UNK]", max_chars=100):
    if len(word) > max_chars:
        return [unknown]
    return tokenizer.tokenize(word)
