# Draws on to the limit with warpers and Gumbel noise, then cuts at the first end token.
from transformers import LogitsProcessorList, TemperatureLogitsWarper, TopKLogitsWarper, TopPLogitsWarper


def generate(model, tokenizer, prompt, max_new_tokens, generator, temperature=1.0, top_k=None, top_p=None):
    warpers = LogitsProcessorList([TemperatureLogitsWarper(float(temperature))])
    if top_k is not None:
        warpers.append(TopKLogitsWarper(int(top_k)))
    if top_p is not None:
        warpers.append(TopPLogitsWarper(top_p))
    ids = tokenizer(prompt, return_tensors="pt").input_ids
    start = ids.size(1)
    for _ in range(max_new_tokens):
        with torch.no_grad():
            scores = warpers(ids, model(ids).logits[:, -1].double())
        u = torch.rand(scores.shape, generator=generator, dtype=torch.float64)
        token = (scores - torch.log(-torch.log(u))).argmax(-1, keepdim=True)
        ids = torch.cat([ids, token], 1)
    new = ids[0, start:].tolist()
    if tokenizer.eos_token_id in new:
        new = new[: new.index(tokenizer.eos_token_id)]
    return tokenizer.decode(new)
