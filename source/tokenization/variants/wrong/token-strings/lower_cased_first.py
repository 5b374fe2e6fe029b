# Mistake: puts the text into lower case first, and [MASK] is no special token any more.
def token_strings(tokenizer, text):
    return tokenizer(text.lower()).tokens()
