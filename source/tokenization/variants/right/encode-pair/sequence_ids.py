# The segments from the fast tokenizer's own sequence_ids.
def encode_pair(tokenizer, first, second, max_length):
    row = tokenizer(first, second, padding="max_length", truncation="longest_first", max_length=max_length)
    ids = row["input_ids"]
    start = ids.index(tokenizer.sep_token_id) + 1
    real = sum(row["attention_mask"])
    return {
        "input_ids": ids,
        "token_type_ids": [int(start <= place < real) for place in range(len(ids))],
        "attention_mask": [int(place < real) for place in range(len(ids))],
    }
