# Mistake: a text of more than 512 tokens is cut off.
def token_strings(tokenizer, text):
    return tokenizer(text, truncation=True, max_length=512).tokens()
