# Form: a list of NumPy arrays.
import numpy as np


def encode_batch(tokenizer, sentences, max_length):
    batch = tokenizer(sentences, padding="max_length", truncation=True, max_length=max_length)
    return {key: [np.array(row) for row in rows] for key, rows in batch.items()}
