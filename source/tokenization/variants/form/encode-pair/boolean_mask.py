# Form: segments and mask as booleans.
def encode_pair(tokenizer, first, second, max_length):
    row = dict(tokenizer(first, second, padding="max_length", truncation=True, max_length=max_length))
    for key in ("token_type_ids", "attention_mask"):
        row[key] = [value == 1 for value in row[key]]
    return row
