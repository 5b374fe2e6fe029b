# Feeds the prompt one token at a time through the key-value cache, with a progress bar and a warning.
import warnings

from tqdm.auto import tqdm


def next_token_logits(model, tokenizer, prompt):
    ids = tokenizer(prompt)["input_ids"]
    if len(ids) > 100:
        warnings.warn("a long prompt: this will take a while")
    cache = None
    with torch.no_grad():
        for token in tqdm(ids, desc="reading"):
            step = model(torch.tensor([[token]]), past_key_values=cache, use_cache=True)
            cache = step.past_key_values
    return step.logits.reshape(-1).to(dtype=torch.float32)
