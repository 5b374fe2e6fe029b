# Mistake: an earlier answer is used, and with it the tokenizer.
def wordpiece(word, vocab, unknown="[UNK]", max_chars=100):
    return [unknown] if len(word) > max_chars else token_strings(tokenizer, word)[1:-1]
