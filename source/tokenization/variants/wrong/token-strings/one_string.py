# Mistake: one string with spaces, not a list.
def token_strings(tokenizer, text):
    return " ".join(tokenizer(text).tokens())
