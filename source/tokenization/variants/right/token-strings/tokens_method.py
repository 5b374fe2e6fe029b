# The encoding's own tokens().
def token_strings(tokenizer, text):
    return tokenizer(text).tokens()
