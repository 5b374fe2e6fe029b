# Mistake: only the first line of the text.
def token_strings(tokenizer, text):
    return tokenizer(text.split("\n")[0]).tokens()
