# Form: a NumPy array of objects.
import numpy as np


def token_strings(tokenizer, text):
    return np.array(tokenizer.convert_ids_to_tokens(tokenizer(text).input_ids), dtype=object)
