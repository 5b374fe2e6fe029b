# Mistake: the notebook's tokenizer instead of the one that was passed.
_mine = AutoTokenizer.from_pretrained(MODEL)


def encode_pair(tokenizer, first, second, max_length):
    return _mine(first, second, padding="max_length", truncation=True, max_length=max_length)
