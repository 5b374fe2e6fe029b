# Two lists of one text each; NumPy and a comprehension.
import numpy as np


def encode_pair(tokenizer, first, second, max_length):
    found = tokenizer([first], [second], padding="max_length", truncation=True, max_length=max_length, return_tensors="np")
    return {name: [int(x) for x in np.ravel(found[name])] for name in ("input_ids", "token_type_ids", "attention_mask")}
