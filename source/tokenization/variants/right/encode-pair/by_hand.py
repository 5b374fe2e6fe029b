# Everything by hand, the rule for cutting included.
def encode_pair(tokenizer, first, second, max_length):
    a = tokenizer.encode(first, add_special_tokens=False)
    b = tokenizer.encode(second, add_special_tokens=False)
    room = int(max_length) - 3
    if len(a) + len(b) > room:
        half = room // 2
        if len(a) <= half:
            b = b[: room - len(a)]
        elif len(b) <= half:
            a = a[: room - len(b)]
        elif len(a) > len(b):
            a, b = a[: room - half], b[:half]
        else:
            a, b = a[:half], b[: room - half]
    ids = [tokenizer.cls_token_id] + a + [tokenizer.sep_token_id] + b + [tokenizer.sep_token_id]
    types = [0] * (len(a) + 2) + [1] * (len(b) + 1)
    rest = max_length - len(ids)
    return {
        "input_ids": ids + [tokenizer.pad_token_id] * rest,
        "token_type_ids": types + [0] * rest,
        "attention_mask": [1] * len(ids) + [0] * rest,
    }
