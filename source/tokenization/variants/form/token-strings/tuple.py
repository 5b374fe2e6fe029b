# Form: a tuple instead of a list.
def token_strings(tokenizer, text):
    return tuple(tokenizer(text).tokens())
