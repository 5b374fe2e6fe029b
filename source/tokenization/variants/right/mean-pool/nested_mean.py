# A running mean, token by token.
def mean_pool(embeddings, attention_mask):
    x = embeddings.float() if not embeddings.is_floating_point() else embeddings
    mean = torch.zeros_like(x[:, 0])
    seen = torch.zeros(len(x), 1, dtype=x.dtype)
    for vector, flag in zip(x.unbind(1), attention_mask.unbind(1)):
        real = (flag != 0)[:, None]
        seen = seen + real
        mean = torch.where(real, mean + (vector - mean) / seen.clamp(min=1), mean)
    return mean
