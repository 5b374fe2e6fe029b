# Mistake: unknown tokens are left out.
def token_strings(tokenizer, text):
    return [token for token in tokenizer(text).tokens() if token != tokenizer.unk_token]
