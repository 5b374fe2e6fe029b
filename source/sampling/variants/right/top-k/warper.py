# The library's own warper, which insists on a Python int.
from transformers import TopKLogitsWarper


def top_k_filter(logits, k):
    k = int(k)
    scores = logits if logits.is_floating_point() else logits.float()
    return TopKLogitsWarper(top_k=k)(None, scores)
