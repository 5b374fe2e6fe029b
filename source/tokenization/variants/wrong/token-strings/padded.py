# Mistake: filled up with [PAD] to 16 tokens.
def token_strings(tokenizer, text):
    return tokenizer(text, padding="max_length", max_length=16).tokens()
