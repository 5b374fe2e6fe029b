# Mistake: the notebook's tokenizer instead of the one that was passed.
_mine = AutoTokenizer.from_pretrained(MODEL)


def encode_batch(tokenizer, sentences, max_length):
    return _mine(sentences, padding="max_length", truncation=True, max_length=max_length)
