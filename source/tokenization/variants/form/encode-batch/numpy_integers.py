# Form: lists of NumPy integers.
import numpy as np


def encode_batch(tokenizer, sentences, max_length):
    batch = tokenizer(sentences, padding="max_length", truncation=True, max_length=max_length)
    return {key: [[np.int64(entry) for entry in row] for row in rows] for key, rows in batch.items()}
