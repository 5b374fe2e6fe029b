# Form: a tuple in a list.
def token_strings(tokenizer, text):
    return [tuple(tokenizer.convert_ids_to_tokens(tokenizer.encode(text)))]
