# Form: whole floats.
import numpy as np


def encode_batch(tokenizer, sentences, max_length):
    ids = np.zeros((len(sentences), max_length))
    types, mask = ids.copy(), ids.copy()
    for number, sentence in enumerate(sentences):
        row = tokenizer(sentence, truncation=True, max_length=max_length).input_ids
        ids[number, : len(row)] = row
        mask[number, : len(row)] = 1
    return {"input_ids": ids.tolist(), "token_type_ids": types.tolist(), "attention_mask": mask.tolist()}
