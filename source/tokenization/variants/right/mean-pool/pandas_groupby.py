# A frame of the real tokens, grouped by row; rows without any come back with reindex.
import pandas as pd


def mean_pool(embeddings, attention_mask):
    dtype = embeddings.dtype if embeddings.is_floating_point() else torch.float32
    where = attention_mask.bool()
    frame = pd.DataFrame(embeddings[where].double().numpy())
    means = frame.groupby(where.nonzero()[:, 0].numpy()).mean().reindex(range(len(where)), fill_value=0)
    return torch.tensor(means.to_numpy(), dtype=dtype)
