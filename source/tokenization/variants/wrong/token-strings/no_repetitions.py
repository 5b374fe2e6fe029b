# Mistake: each token only once.
def token_strings(tokenizer, text):
    return list(dict.fromkeys(tokenizer(text).tokens()))
