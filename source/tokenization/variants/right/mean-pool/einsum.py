# einsum, then where.
def mean_pool(embeddings, attention_mask):
    x = embeddings + 0.0 if embeddings.is_floating_point() else embeddings.float()
    m = (attention_mask > 0).to(x.dtype)
    n = m.sum(1, keepdim=True)
    total = torch.einsum("btd,bt->bd", x, m)
    return torch.where(n > 0, total / n, torch.zeros_like(total))
