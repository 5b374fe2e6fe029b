# Mistake: gives ids, not strings.
def token_strings(tokenizer, text):
    return tokenizer(text).input_ids
