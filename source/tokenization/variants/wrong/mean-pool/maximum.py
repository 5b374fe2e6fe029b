# Mistake: the maximum.
def mean_pool(embeddings, attention_mask):
    x = embeddings if embeddings.is_floating_point() else embeddings.float()
    low = x.masked_fill(attention_mask.unsqueeze(-1) == 0, float("-inf")).amax(1)
    return torch.nan_to_num(low, neginf=0.0)
