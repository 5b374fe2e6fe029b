# A frame of the rows, filled with 0; the mask is where there was something.
import pandas as pd


def encode_batch(tokenizer, sentences, max_length):
    rows = tokenizer(sentences, truncation=True, max_length=max_length).input_ids
    frame = pd.DataFrame(rows).reindex(columns=range(max_length))
    return {
        "input_ids": frame.fillna(tokenizer.pad_token_id).astype(int).values.tolist(),
        "token_type_ids": [[0] * max_length for _ in rows],
        "attention_mask": frame.notna().astype(int).values.tolist(),
    }
