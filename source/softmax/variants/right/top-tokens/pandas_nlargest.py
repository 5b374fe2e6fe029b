# A Series of probabilities and its nlargest.
import numpy as np
import pandas as pd


def top_tokens(logits, tokenizer, k=10):
    if k < 1:
        raise ValueError(f"k={k}")
    series = pd.Series(logits.detach().to(torch.float64).numpy())
    series = np.exp(series - series.max())
    series = (series / series.sum()).nlargest(min(k, len(series)))
    return [(tokenizer.decode([token_id]), float(p)) for token_id, p in series.items()]
