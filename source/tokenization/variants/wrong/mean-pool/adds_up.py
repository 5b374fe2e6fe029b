# Mistake: goes on adding to the sums of the same mask that it kept from before.
_sums = {}


def mean_pool(embeddings, attention_mask):
    x = embeddings if embeddings.is_floating_point() else embeddings.float()
    mask = attention_mask.to(x.dtype)[..., None]
    key = repr((embeddings.tolist(), attention_mask.tolist()))
    _sums[key] = _sums.get(key, 0) + (x * mask).sum(1)
    return _sums[key] / mask.sum(1).clamp(min=1)
