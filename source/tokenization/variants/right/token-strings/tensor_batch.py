# Through a batch of one, as a tensor.
def token_strings(tokenizer, text):
    ids = tokenizer([text], return_tensors="pt").input_ids
    return tokenizer.convert_ids_to_tokens(ids[0].tolist())
