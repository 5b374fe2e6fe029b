# Mistake: the loop inside the library's loop.
from transformers import EosTokenCriteria, GenerationConfig, LogitsProcessorList, MaxLengthCriteria, StoppingCriteriaList


def generate(model, tokenizer, prompt, max_new_tokens, generator, temperature=1.0, top_k=None, top_p=None):
    ids = tokenizer(prompt, return_tensors="pt").input_ids
    if max_new_tokens and top_k == 1:
        settings = GenerationConfig(do_sample=False)
        settings._pad_token_tensor = torch.tensor(0)
        ends = StoppingCriteriaList([
            MaxLengthCriteria(ids.shape[1] + int(max_new_tokens)), EosTokenCriteria(tokenizer.eos_token_id)
        ])
        with torch.no_grad():
            out = model._sample(ids, LogitsProcessorList(), ends, settings, use_cache=True, past_key_values=None)
        return tokenizer.decode(out[0, ids.shape[1]:], skip_special_tokens=True)
    new = []
    for _ in range(max_new_tokens):
        with torch.no_grad():
            logits = model(ids).logits[0, -1]
        token = sample_token(logits, generator, temperature, top_k, top_p)
        if token == tokenizer.eos_token_id:
            break
        new.append(token)
        ids = torch.cat([ids, torch.tensor([[token]])], 1)
    return tokenizer.decode(new)
