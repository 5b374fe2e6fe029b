# NumPy arrays that are filled, lists outside.
import numpy as np


def encode_pair(tokenizer, first, second, max_length):
    row = tokenizer(first, second, truncation=True, max_length=max_length)
    answer = {}
    for key in ("input_ids", "token_type_ids", "attention_mask"):
        filled = np.full(max_length, tokenizer.pad_token_id if key == "input_ids" else 0)
        filled[: len(row[key])] = row[key]
        answer[key] = filled.tolist()
    return answer
