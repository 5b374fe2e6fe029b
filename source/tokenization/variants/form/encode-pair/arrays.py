# Form: NumPy arrays.
import numpy as np


def encode_pair(tokenizer, first, second, max_length):
    row = tokenizer(first, second, padding="max_length", truncation=True, max_length=max_length)
    return {key: np.array(values) for key, values in row.items()}
