# Nested Python lists and fsum.
from math import fsum


def mean_pool(embeddings, attention_mask):
    dtype = embeddings.dtype if embeddings.is_floating_point() else torch.float32
    answer = []
    for vectors, flags in zip(embeddings.tolist(), attention_mask.tolist()):
        kept = [v for v, flag in zip(vectors, flags) if flag]
        width = len(vectors[0])
        answer.append([fsum(column) / len(kept) for column in zip(*kept)] if kept else [0] * width)
    return torch.tensor(answer, dtype=dtype)
