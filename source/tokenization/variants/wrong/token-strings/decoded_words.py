# Mistake: the decoded text split at spaces: pieces are joined to words again.
def token_strings(tokenizer, text):
    return tokenizer.decode(tokenizer(text).input_ids).split()
