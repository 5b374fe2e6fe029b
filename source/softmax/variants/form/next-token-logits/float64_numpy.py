# Form: a NumPy array of float64.
import numpy as np


def next_token_logits(model, tokenizer, prompt):
    inputs = tokenizer(prompt, return_tensors="pt")
    with torch.inference_mode():
        return np.asarray(model(**inputs).logits[0, -1].float(), dtype=np.float64)
