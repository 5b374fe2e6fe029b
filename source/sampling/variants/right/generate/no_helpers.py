# Filters and draws by itself, in NumPy, with a uniform number of the generator.
import numpy as np


def draw(x, u, temperature, top_k, top_p):
    x = x / temperature
    order = np.argsort(-x)
    if top_k is not None:
        order = order[: int(top_k)]
    p = np.exp(x[order] - x[order[0]])
    p /= p.sum()
    if top_p is not None and top_p < 1:
        size = int(np.searchsorted(np.cumsum(p), top_p)) + 1
        order, p = order[:size], p[:size] / p[:size].sum()
    return int(order[min(int(np.searchsorted(np.cumsum(p), u, side="right")), len(order) - 1)])


def generate(model, tokenizer, prompt, max_new_tokens, generator, temperature=1.0, top_k=None, top_p=None):
    ids = tokenizer(prompt)["input_ids"]
    new = []
    with torch.no_grad():
        for _ in range(int(max_new_tokens)):
            x = model(torch.tensor([ids + new])).logits[0, -1].double().numpy()
            u = torch.rand(1, generator=generator, dtype=torch.float64).item()
            token = draw(x, u, temperature, top_k, top_p)
            if token == tokenizer.eos_token_id:
                break
            new += [token]
    return "" if not new else tokenizer.decode(new)
