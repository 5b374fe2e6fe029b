# NumPy arrays that are filled; the mask comes from the lengths.
import numpy as np


def encode_batch(tokenizer, sentences, max_length):
    rows = tokenizer(sentences, truncation="longest_first", max_length=max_length)["input_ids"]
    ids = np.full((len(rows), max_length), tokenizer.pad_token_id)
    mask = np.zeros_like(ids)
    for i, row in enumerate(rows):
        ids[i, : len(row)] = row
        mask[i, : len(row)] = 1
    return {"input_ids": ids.tolist(), "token_type_ids": np.zeros_like(ids).tolist(), "attention_mask": mask.tolist()}
