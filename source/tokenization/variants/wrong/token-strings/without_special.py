# Mistake: the special tokens are missing.
def token_strings(tokenizer, text):
    return tokenizer.tokenize(text)
