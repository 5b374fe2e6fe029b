# Mistake: no [SEP] after the second text.
def encode_pair(tokenizer, first, second, max_length):
    row = tokenizer(first, second, truncation=True, max_length=max_length)
    rest = max_length - len(row["input_ids"]) + 1
    return {key: values[:-1] + [0] * rest for key, values in row.items()}
