# Form: a list with one row, as from a batch of one text.
def token_strings(tokenizer, text):
    batch = tokenizer([text])
    return [tokenizer.convert_ids_to_tokens(row) for row in batch.input_ids]
