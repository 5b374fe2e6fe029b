# Mistake: the model inside the tokenizer, with the vocabulary exchanged.
def wordpiece(word, vocab, unknown="[UNK]", max_chars=100):
    model = type(tokenizer.backend_tokenizer.model)({**vocab, unknown: len(vocab)}, unk_token=unknown)
    return [unknown] if len(word) > max_chars else [token.value for token in model.tokenize(word)]
