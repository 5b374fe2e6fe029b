# The way of the sentence encoders: a small number keeps the division safe.
def mean_pool(embeddings, attention_mask):
    x = embeddings if embeddings.is_floating_point() else embeddings.float()
    m = attention_mask.unsqueeze(-1).expand(x.size()).to(x.dtype)
    return torch.sum(x * m, 1) / torch.clamp(m.sum(1), min=1e-9)
