# Mistake: raises for a text without any token.
def token_strings(tokenizer, text):
    if not text.strip():
        raise ValueError("no text")
    return tokenizer(text).tokens()
