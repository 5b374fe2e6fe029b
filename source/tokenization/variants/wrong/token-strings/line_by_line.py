# Mistake: every line is taken for a text of its own.
def token_strings(tokenizer, text):
    return [token for line in text.splitlines() or [""] for token in tokenizer(line).tokens()]
