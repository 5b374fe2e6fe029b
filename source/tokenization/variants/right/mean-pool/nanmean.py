# Padding becomes NaN in a copy, then nanmean, then NaN becomes zero.
def mean_pool(embeddings, attention_mask):
    x = embeddings.clone() if embeddings.is_floating_point() else embeddings.float()
    x[attention_mask == 0] = float("nan")
    return torch.nan_to_num(x.nanmean(dim=1), nan=0.0)
