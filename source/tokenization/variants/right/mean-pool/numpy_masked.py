# NumPy's masked arrays, zeros filled in.
import numpy as np


def mean_pool(embeddings, attention_mask):
    x = embeddings.detach().numpy()
    x = x if x.dtype.kind == "f" else x.astype(np.float32)
    hidden = np.repeat(~attention_mask.bool().numpy()[:, :, None], x.shape[2], axis=2)
    return torch.from_numpy(np.ma.masked_array(x, hidden).mean(axis=1).filled(0).astype(x.dtype))
