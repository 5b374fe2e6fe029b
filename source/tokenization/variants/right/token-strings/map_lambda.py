# NumPy ids, a lambda and map.
import numpy as np

token_strings = lambda tokenizer, text: list(
    map(tokenizer.convert_ids_to_tokens, np.asarray(tokenizer(text)["input_ids"]).tolist())
)
