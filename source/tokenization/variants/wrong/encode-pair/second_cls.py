# Mistake: the second text has a [CLS] of its own.
def encode_pair(tokenizer, first, second, max_length):
    a, b = tokenizer.encode(first), tokenizer.encode(second)
    while len(a) + len(b) > max_length:
        longer = a if len(a) > len(b) else b
        longer.pop(-2)
    rest = max_length - len(a) - len(b)
    return {
        "input_ids": a + b + [0] * rest,
        "token_type_ids": [0] * len(a) + [1] * len(b) + [0] * rest,
        "attention_mask": [1] * (max_length - rest) + [0] * rest,
    }
