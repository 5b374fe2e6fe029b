# Mistake: of an odd room the first text always gets the token more.
def encode_pair(tokenizer, first, second, max_length):
    room = max_length - 3
    a = tokenizer(first, add_special_tokens=False).input_ids
    b = tokenizer(second, add_special_tokens=False).input_ids
    while len(a) + len(b) > room:
        if len(a) > len(b):
            a.pop()
        else:
            b.pop()
    ids = [101, *a, 102, *b, 102]
    rest = max_length - len(ids)
    return {
        "input_ids": ids + [0] * rest,
        "token_type_ids": [0] * (len(a) + 2) + [1] * (len(b) + 1) + [0] * rest,
        "attention_mask": [1] * len(ids) + [0] * rest,
    }
