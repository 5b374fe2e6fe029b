# Mistake: the notebook's tokenizer instead of the one that was passed.
_mine = AutoTokenizer.from_pretrained(MODEL)


def token_strings(tokenizer, text):
    return _mine(text).tokens()
