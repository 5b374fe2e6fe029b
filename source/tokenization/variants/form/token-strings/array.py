# Form: a NumPy array of strings.
import numpy as np


def token_strings(tokenizer, text):
    return np.array(tokenizer(text).tokens())
