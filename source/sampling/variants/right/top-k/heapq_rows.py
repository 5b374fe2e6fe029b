# Plain Python on lists, row by row, with a heap.
import heapq


def one_row(row, k):
    best = {i for _, i in heapq.nlargest(k, ((x, -i) for i, x in enumerate(row)))}
    return [x if -i in best else -math.inf for i, x in enumerate(row)]


def top_k_filter(logits, k):
    if not k >= 1:
        raise ValueError(f"top_k_filter needs k >= 1 and got k={k!r}")
    dtype = logits.dtype if logits.is_floating_point() else torch.float32
    rows = logits.reshape(-1, logits.shape[-1]).tolist()
    return torch.tensor([one_row(row, k) for row in rows], dtype=dtype).reshape(logits.shape)
